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
    if coded is None and text is None:
        return None
    found = a2b_base64(coded) if coded is not None else text.encode()
    if not found or (coded is not None and text is not None):
        raise ValueError("one secret, and not an empty one")
    return Secret(found)
