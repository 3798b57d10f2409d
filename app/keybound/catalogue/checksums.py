"""Checksums that providers have made public: one function each, from a token to whether its checksum holds."""

from collections.abc import Callable, Mapping
from zlib import crc32

_BASE = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BECH32_STEPS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def in_base(number: int, base: int, width: int) -> str:
    """A number in a base up to 62, zeros before it; the digits are 0-9, A-Z, a-z, in base 36 the small letters."""
    digits = ""
    while number:
        number, digit = divmod(number, base)
        digits = _BASE[digit] + digits
    return (digits.lower() if base <= 36 else digits).rjust(width, "0")


def crc32_base62(token: str) -> bool:
    """The last six characters are the CRC-32 of those between the prefix's underscore and them, in base 62."""
    body = token[token.index("_") + 1 :]
    return body[-6:] == in_base(crc32(body[:-6].encode()), 62, 6)


def crc32_base36(token: str) -> bool:
    """The last seven characters are the CRC-32 of all before them, in base 36."""
    return token[-7:] == in_base(crc32(token[:-7].encode()), 36, 7)


def crc32_hex_little_endian(token: str) -> bool:
    """Behind the last underscore stands the CRC-32 of all before it: four bytes in hex, the lowest first."""
    body, _, end = token.rpartition("_")
    return end == crc32(body.encode()).to_bytes(4, "little").hex()


def bech32(token: str) -> bool:
    """Bech32 as BIP 173 has it; the last 1 ends the part that is readable."""
    head, _, data = token.lower().rpartition("1")
    values = [ord(char) >> 5 for char in head] + [0] + [ord(char) & 31 for char in head]
    values += [_BECH32.find(char) for char in data]
    state = 1
    for value in values:
        top, state = state >> 25, (state & 0x1FFFFFF) << 5 ^ value
        for bit, step in enumerate(_BECH32_STEPS):
            state ^= step if top >> bit & 1 else 0
    return min(values) >= 0 and state == 1


CHECKSUMS: Mapping[str, Callable[[str], bool]] = {
    "crc32-base62": crc32_base62,
    "crc32-base36": crc32_base36,
    "crc32-hex-little-endian": crc32_hex_little_endian,
    "bech32": bech32,
}
