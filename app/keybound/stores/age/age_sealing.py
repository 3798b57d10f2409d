"""An age identity, and the seal that proves who wrote a file: age itself does not."""

from keybound.domain.errors import StoreLockedError, UnavailableError
from keybound.domain.text.digests import compare_digest, hmac_sha256
from keybound.domain.text.secret import Secret, expose_secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyrage.x25519 import Identity

_LABEL = b"keybound file store: item seal, version 1"
_MAGIC = b"keybound-item-1 "


def new_identity() -> Secret:
    """A fresh X25519 identity in age's text form."""
    from pyrage import x25519

    return Secret(str(x25519.Identity.generate()))


def wrap_identity(identity: Secret, passphrase: Secret) -> bytes:
    """The identity as an age file under the passphrase; the ``age`` command opens it too. Takes about a second."""
    from pyrage import passphrase as under

    return under.encrypt(expose_secret(identity) + b"\n", expose_secret(passphrase).decode())


def unwrap_identity(sealed: bytes, passphrase: Secret) -> Secret:
    """The identity in an age file; raise StoreLockedError for a wrong passphrase, UnavailableError for a broken file."""
    import pyrage

    try:
        return Secret(pyrage.passphrase.decrypt(sealed, expose_secret(passphrase).decode()).strip())
    except UnicodeDecodeError:
        raise StoreLockedError("the passphrase is wrong") from None
    except pyrage.DecryptError:
        if not sealed.startswith(b"age-encryption.org/v1\n"):
            raise UnavailableError("the file store's identity is broken", hint="Put it back from a backup.") from None
        raise StoreLockedError("the passphrase is wrong") from None


def identities_in(unlocked: Secret) -> list[Secret]:
    """The identities that a store's identity file holds: the one in use, and while it is replaced the former one."""
    return [Secret(line) for line in expose_secret(unlocked).split()]


def together(identities: "Sequence[Secret]") -> Secret:
    """What :func:`identities_in` reads."""
    return Secret(b"\n".join(map(expose_secret, identities)))


class Sealer:
    """Seals texts to addresses with keys that only the unlocked identity gives; opens what a former one sealed, too."""

    def __init__(self, unlocked: Secret) -> None:
        self._keys = [_Key(identity) for identity in identities_in(unlocked)]

    def seal(self, address: "Sequence[str]", text: Secret) -> bytes:
        """``text`` as an age file that opens only at ``address``."""
        return self._keys[0].seal(address, text)

    def open(self, address: "Sequence[str]", sealed: bytes) -> Secret | None:
        """The text of an age file; None where none of these identities sealed it for ``address``."""
        texts = (key.open(address, sealed) for key in self._keys)
        return next((text for text in texts if text is not None), None)


class _Key:
    """One identity."""

    def __init__(self, identity: Secret) -> None:
        from pyrage import x25519

        self._identity: Identity = x25519.Identity.from_str(expose_secret(identity).decode())
        self._mac_key = Secret(_hkdf(identity))

    def seal(self, address: "Sequence[str]", text: Secret) -> bytes:
        import pyrage

        line = _MAGIC + self._mac(address, text).encode() + b"\n"
        return pyrage.encrypt(line + expose_secret(text), [self._identity.to_public()])

    def open(self, address: "Sequence[str]", sealed: bytes) -> Secret | None:
        import pyrage

        try:
            line, _, text = pyrage.decrypt(sealed, [self._identity]).partition(b"\n")
        except pyrage.DecryptError:
            return None
        found = Secret(text)
        return found if compare_digest(line, _MAGIC + self._mac(address, found).encode()) else None

    def _mac(self, address: "Sequence[str]", text: Secret) -> str:
        members = [member.encode() for member in address]
        framed = b"".join(len(one).to_bytes(8, "big") + one for one in members)
        return hmac_sha256(expose_secret(self._mac_key), framed + expose_secret(text)).hex()


def _hkdf(identity: Secret) -> bytes:
    """HKDF with SHA-256 (RFC 5869), no salt, one block."""
    extracted = hmac_sha256(bytes(32), expose_secret(identity))
    return hmac_sha256(extracted, _LABEL + b"\x01")
