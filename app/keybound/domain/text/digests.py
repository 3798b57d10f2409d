"""SHA-256, its HMAC and the comparison of digests, without the 2 ms that loading OpenSSL through ``hashlib`` costs at start.

The interpreter's own module is the one that ``hashlib`` itself falls back to.
"""

from _operator import _compare_digest as compare_digest  # what ``hmac`` gives

try:
    from _sha2 import sha256  # type: ignore[import-not-found, unused-ignore]  # 3.12 and later
except ImportError:
    try:
        from _sha256 import sha256  # type: ignore[import-not-found, unused-ignore]  # 3.11
    except ImportError:
        from hashlib import sha256

__all__ = ["compare_digest", "hmac_sha256", "sha256"]

_BLOCK = 64


def hmac_sha256(key: bytes, data: bytes) -> bytes:
    """HMAC-SHA-256 (RFC 2104)."""
    if len(key) > _BLOCK:
        key = sha256(key).digest()
    padded = key.ljust(_BLOCK, b"\0")
    inner = sha256(bytes(byte ^ 0x36 for byte in padded) + data).digest()
    outer: bytes = sha256(bytes(byte ^ 0x5C for byte in padded) + inner).digest()
    return outer
