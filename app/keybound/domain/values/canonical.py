"""One encoding of values for digests: typed, length-prefixed, versioned and domain-separated."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time

from keybound.domain.errors import BadInputError
from keybound.domain.text.digests import hmac_sha256, sha256
from keybound.domain.values.readings import FileContent, Value

VERSION = "1"


def encode(value: Value) -> bytes:
    """Encode a value so that two values give the same bytes only where type and content are the same.

    Raises BadInputError for NaN, which equals nothing.
    """
    if isinstance(value, FileContent):
        return _part(b"F", value.digest.encode())
    if isinstance(value, Mapping):
        items = [encode(key) + encode(value[key]) for key in sorted(value)]
        return _part(b"m", b"".join(items))
    if isinstance(value, list | tuple):
        return _part(b"l", b"".join(encode(item) for item in value))
    return _scalar(value)


def _scalar(value: object) -> bytes:
    match value:
        case None:
            return _part(b"n", b"")
        case bool():
            return _part(b"b", b"1" if value else b"0")
        case int():
            return _part(b"i", b"%d" % value)
        case float():
            if value != value:
                raise BadInputError("nan is not a value that can be approved: it equals nothing")
            return _part(b"f", value.hex().encode())
        case str():
            return _part(b"s", value.encode("utf-8", "surrogatepass"))
        case datetime():
            stamp = value.astimezone(UTC) if value.tzinfo else value
            return _part(b"z" if value.tzinfo else b"t", stamp.isoformat().encode())
        case date() | time():
            return _part(b"d" if isinstance(value, date) else b"h", value.isoformat().encode())
    raise TypeError(f"no encoding for {type(value).__name__}")


def _part(tag: bytes, body: bytes) -> bytes:
    return tag + b"%d:" % len(body) + body


def digest(purpose: str, value: Value) -> str:
    """SHA-256 (hex) of ``value``, which no digest for another purpose can equal."""
    return str(sha256(f"keybound:{purpose}:{VERSION}\0".encode() + encode(value)).hexdigest())


def keyed_digest(key: bytes, name: str, value: Value) -> str:
    """16 bytes (hex) of HMAC-SHA-256 of a reading under the envelope's key K."""
    return hmac_sha256(key, b"keybound:reading:1\0" + encode(name) + encode(value))[:16].hex()


def same(left: Value, right: Value) -> bool:
    """Equality with strict types: ``1`` is not ``true``, ``"1"`` is not ``1``."""
    try:
        return encode(left) == encode(right)
    except BadInputError:
        return False
