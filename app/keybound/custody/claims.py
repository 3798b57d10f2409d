"""What a JWT says of itself: decoded, never verified."""

from datetime import UTC, datetime

from keybound.domain.secret import Secret, unwrap


def claims(secret: Secret) -> dict[str, object]:
    """The claims of a JWT, or an empty table where the secret is not one."""
    if unwrap(secret).count(b".") != 2:
        return {}
    import jwt

    try:
        return dict(jwt.decode(unwrap(secret), options={"verify_signature": False, "verify_exp": False}))
    except jwt.PyJWTError:
        return {}


def claimed_times(secret: Secret) -> tuple[str, str]:
    """``expires_at`` and ``not_before`` for an envelope, from ``exp`` and ``nbf``; "" where there are none."""
    found = claims(secret)
    return _time(found.get("exp")), _time(found.get("nbf"))


def _time(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    try:
        return datetime.fromtimestamp(value, UTC).isoformat(timespec="seconds")
    except (OverflowError, OSError, ValueError):
        return ""
