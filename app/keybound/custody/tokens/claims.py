"""What a JWT says of itself: decoded, never verified."""

from datetime import UTC, datetime

from keybound.domain.seal.envelope import Envelope
from keybound.domain.text.secret import Secret, expose_secret


def claims(secret: Secret) -> dict[str, object]:
    """The claims of a JWT, or an empty table where the secret is not one."""
    if expose_secret(secret).count(b".") != 2:
        return {}
    import jwt

    try:
        return dict(jwt.decode(expose_secret(secret), options={"verify_signature": False, "verify_exp": False}))
    except jwt.PyJWTError:
        return {}


def with_claimed_times(envelope: Envelope, secret: Secret) -> Envelope:
    """The envelope with what its secret says of its own time: ``exp``, ``nbf``, and what is wrong with one of them.

    A NumericDate is a number of seconds (RFC 7519, section 2). What is none, or lies outside the years 1 to 9999, is no
    time: it is never taken for "no end".
    """
    found = claims(secret)
    faults = [
        fault for name in ("exp", "nbf", "iat") if name in found for fault in [_fault(name, found[name])] if fault
    ]
    return envelope._replace(
        expires_at=claimed_time(found.get("exp")),
        not_before=claimed_time(found.get("nbf")),
        time_fault="; ".join(faults),
    )


def _fault(name: str, value: object) -> str:
    if claimed_time(value):
        return ""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    why = "is out of range (could it be in milliseconds?)" if number else "is not a number of seconds"
    return f"its claim {name} {why}, so it is not a time"


def claimed_time(value: object) -> str:
    """A NumericDate as ISO 8601, "" for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    try:
        return datetime.fromtimestamp(value, UTC).isoformat(timespec="seconds")
    except (OverflowError, OSError, ValueError):
        return ""
