"""A document as one age file: to a passphrase, or to recipients as the ``age`` command takes them."""

from keybound.domain.errors import BadInputError, StoreLockedError
from keybound.domain.text.secret import Secret, expose_secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyrage import ssh, x25519

_BEGIN = b"age-encryption.org/v1\n"
_SCRYPT = _BEGIN + b"-> scrypt "
_WRONG = "Decryption failed"  # what pyrage says where the file key does not open; anything else is damage


def is_age(sealed: bytes) -> bool:
    """Whether it begins as an age file does."""
    return sealed.startswith(_BEGIN)


def is_under_passphrase(sealed: bytes) -> bool:
    """Whether a passphrase opens it: then nobody who does not know it wrote it."""
    return sealed.startswith(_SCRYPT)


def seal_to_passphrase(document: Secret, passphrase: Secret) -> bytes:
    """The document as an age file. Takes about a second. Raises BadInputError."""
    from pyrage import passphrase as under

    return under.encrypt(expose_secret(document), _text(passphrase))


def seal_to_recipients(document: Secret, recipients: "Sequence[str]") -> bytes:
    """The document as an age file that each of these opens. Raises BadInputError for one that is no recipient."""
    import pyrage

    return pyrage.encrypt(expose_secret(document), [_recipient(one) for one in recipients])


def open_with_passphrase(sealed: bytes, passphrase: Secret) -> Secret:
    """The document. Raises StoreLockedError where the passphrase is wrong, BadInputError where the file is damaged."""
    import pyrage

    try:
        return Secret(pyrage.passphrase.decrypt(sealed, _text(passphrase)))
    except pyrage.DecryptError as fault:
        if str(fault) == _WRONG:
            raise StoreLockedError("the passphrase is wrong, or the file is damaged") from None
        raise BadInputError("the file is damaged or cut short") from None


def open_with_identity(sealed: bytes, identity: Secret) -> Secret:
    """The document, by an age identity file or an SSH private key. Raises StoreLockedError, BadInputError."""
    import pyrage

    try:
        return Secret(pyrage.decrypt(sealed, _identities(identity)))
    except pyrage.DecryptError as fault:
        if "No matching keys" in str(fault):
            raise StoreLockedError("it was encrypted to another key than this identity") from None
        raise BadInputError("the file is damaged or cut short") from None


def check_recipient(text: str) -> None:
    """Raise BadInputError where it is no recipient."""
    _recipient(text)


def _text(passphrase: Secret) -> str:
    try:
        return expose_secret(passphrase).decode()
    except UnicodeDecodeError:
        raise BadInputError("a passphrase must be UTF-8 text") from None


def _recipient(text: str) -> "x25519.Recipient | ssh.Recipient":
    import pyrage

    try:
        if text.startswith("ssh-"):
            return pyrage.ssh.Recipient.from_str(text)
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        raise BadInputError(
            f"not a recipient: {text[:40]!r}", hint="Recipients are age1…, ssh-ed25519 … and ssh-rsa …."
        ) from None


def _identities(identity: Secret) -> "list[x25519.Identity | ssh.Identity]":
    """Those in a file of age identities, comments passed over, or the one of an SSH key."""
    import pyrage

    data = expose_secret(identity)
    try:
        if data.startswith(b"-----BEGIN"):
            return [pyrage.ssh.Identity.from_buffer(data)]
        lines = [line.strip() for line in data.decode().splitlines()]
        found: list[x25519.Identity | ssh.Identity] = [
            pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")
        ]
    except pyrage.IdentityError as fault:
        if "decrypted first" in str(fault):
            raise BadInputError(
                "this SSH key has a passphrase, which Keybound cannot take",
                hint="Decrypt with age itself, or use a copy of the key without one: ssh-keygen -p -f COPY",
            ) from None
        raise BadInputError("not an age identity or an SSH private key (ed25519 or rsa)") from None
    except UnicodeDecodeError:
        raise BadInputError("not an age identity or an SSH private key (ed25519 or rsa)") from None
    if not found:
        raise BadInputError("there is no identity in it")
    return found
