"""The key of an envelope's next seal, from the key of this one: who has the envelope can make it again after a kill."""

from keybound.domain.text.digests import hmac_sha256


def next_key(key: str, epoch: int, digest: str) -> str:
    """Hex, as ``key`` is. ``epoch`` and ``digest`` are those of the next seal."""
    return hmac_sha256(bytes.fromhex(key), f"next key {epoch} {digest}".encode()).hex()
