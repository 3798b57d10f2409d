"""base64url without padding (RFC 7515, section 2), and one text for each value."""

from base64 import urlsafe_b64decode, urlsafe_b64encode


def encode(data: bytes) -> str:
    """The text of some bytes."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """The bytes of a text. Raises ValueError for any text that :func:`encode` does not make."""
    try:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        data = b""
    if encode(data) != text:
        raise ValueError("it is not base64url")
    return data


def encode_number(number: int) -> str:
    """A number without leading zero bytes (RFC 7518, section 2)."""
    return encode(number.to_bytes((number.bit_length() + 7) // 8 or 1, "big"))


def decode_number(text: str) -> int:
    """The number. Raises ValueError."""
    return int.from_bytes(decode(text), "big")
