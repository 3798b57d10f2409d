"""Bytes that are kept encrypted to an identity of their own (age)."""

from keybound.domain.errors import UnavailableError
from keybound.domain.text.secret import Secret, expose_secret


def seal_bytes(identity: Secret, data: bytes) -> bytes:
    """``data`` as an age file."""
    import pyrage
    from pyrage import x25519

    return pyrage.encrypt(data, [x25519.Identity.from_str(expose_secret(identity).decode()).to_public()])


def open_bytes(identity: Secret, sealed: bytes) -> bytes:
    """What :func:`seal_bytes` was given. Raises UnavailableError where this identity does not open it."""
    import pyrage
    from pyrage import x25519

    try:
        return pyrage.decrypt(sealed, [x25519.Identity.from_str(expose_secret(identity).decode())])
    except pyrage.DecryptError:
        raise UnavailableError("the copy is damaged, or belongs to another store") from None
