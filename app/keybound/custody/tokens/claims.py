"""What a JWT says of itself: decoded, never verified."""

from collections.abc import Mapping

from keybound.domain.seal.carried import decode_jwt
from keybound.domain.seal.envelope import Envelope
from keybound.domain.text.secret import Secret
from keybound.domain.values.moments import numeric_date, stamp
from keybound.domain.values.readings import Unreadable


def claims(secret: Secret) -> Mapping[str, object]:
    """The claims of a JWT, or an empty table where the secret is not one."""
    decoded = decode_jwt(secret)
    return {} if isinstance(decoded, Unreadable) else decoded[1]


def with_claimed_times(envelope: Envelope, secret: Secret) -> Envelope:
    """The envelope with what a new secret says of its own time: ``exp``, ``nbf``, and what is wrong with one of them.

    What its provider said was said of the former secret.

    What is no NumericDate (RFC 7519, section 2) is no time: it is never taken for "no end".
    """
    found = claims(secret)
    faults = [
        fault for name in ("exp", "nbf", "iat") if name in found for fault in [_fault(name, found[name])] if fault
    ]
    return envelope._replace(
        expires_at=claimed_time(found.get("exp")),
        not_before=claimed_time(found.get("nbf")),
        time_fault="; ".join(faults),
        carried={**envelope.carried, "stale": True} if envelope.carried.get("at") else {},
    )


def _fault(name: str, value: object) -> str:
    if claimed_time(value):
        return ""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    why = "is out of range (could it be in milliseconds?)" if number else "is not a number of seconds"
    return f"its claim {name} {why}, so it is not a time"


def claimed_time(value: object) -> str:
    """A NumericDate as ISO 8601, "" for what is none."""
    moment = numeric_date(value)
    return stamp(moment) if moment else ""
