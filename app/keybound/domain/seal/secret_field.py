"""A secret as a field of JSON: as text, or as base64 where it is not UTF-8."""

from binascii import a2b_base64, b2a_base64
from typing import Any

from keybound.domain.text.secret import Secret, expose_secret


def secret_field(secret: Secret) -> dict[str, str]:
    """``secret``, or ``secret_b64``."""
    try:
        return {"secret": expose_secret(secret).decode()}
    except UnicodeDecodeError:
        return {"secret_b64": b2a_base64(expose_secret(secret), newline=False).decode()}


def secret_in(fields: dict[str, Any]) -> Secret | None:
    """Take the secret out of the fields; None where there is none. Raises ValueError, TypeError, AttributeError."""
    text, coded = fields.pop("secret", None), fields.pop("secret_b64", None)
    if coded is not None:
        return Secret(a2b_base64(coded))
    return Secret(text.encode()) if text is not None else None
