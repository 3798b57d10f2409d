"""Tokens that nobody ever had: made from a kind's pattern, good ones and bad ones."""

import random
import string
from collections.abc import Iterator
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any
from zlib import crc32

from keybound.catalogue.provider import TokenKind

_DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase
_BECH32 = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"


def good_sample(kind: TokenKind, rng: random.Random) -> str:
    """A token of this kind, its checksum included."""
    text = "".join(_made(_parser.parse(kind.pattern), rng))
    return _COMPLETED[kind.checksum](text) if kind.checksum else text


def bad_samples(kind: TokenKind, rng: random.Random) -> Iterator[str]:
    """Tokens that are none: with a foreign character, cut to less than the shortest, longer than the longest."""
    good = good_sample(kind, rng)
    at = rng.randrange(len(good))
    yield good[:at] + "\t" + good[at + 1 :]
    yield good[:at] + "é" + good[at + 1 :]
    yield good[: kind.shortest - 1]
    yield good + "A" * (kind.longest + 1 - len(good))
    yield f" {good}"
    yield f"{good}\n"


def widths(pattern: str) -> tuple[int, int]:
    """The least and the most characters that a pattern matches."""
    least, most = _parser.parse(pattern).getwidth()
    return int(least), int(most)


def _made(tree: Any, rng: random.Random) -> Iterator[str]:
    for what, value in tree:
        if what is op.LITERAL:
            yield chr(value)
        elif what is op.IN:
            yield rng.choice(_of_class(value))
        elif what in (op.MAX_REPEAT, op.MIN_REPEAT):
            least, most, part = value
            for _ in range(rng.randint(least, min(most, least + 40))):
                yield from _made(part, rng)
        elif what is op.SUBPATTERN:
            yield from _made(value[3], rng)
        elif what is op.BRANCH:
            yield from _made(rng.choice(value[1]), rng)
        else:
            raise AssertionError(f"a sample of {what} cannot be made: write the pattern more plainly")


def _of_class(parts: Any) -> str:
    chars = ""
    for what, value in parts:
        if what is op.LITERAL:
            chars += chr(value)
        elif what is op.RANGE:
            chars += "".join(map(chr, range(value[0], value[1] + 1)))
        else:
            raise AssertionError(f"a sample of {what} cannot be made: write the class more plainly")
    return chars


def _base62(text: str) -> str:
    head, _, body = text.partition("_")
    number, digits = crc32(body[:-6].encode()), ""
    for _ in range(6):
        digits, number = _DIGITS[number % 62] + digits, number // 62
    return f"{head}_{body[:-6]}{digits}"


def _base36(text: str) -> str:
    number, digits = crc32(text[:-7].encode()), ""
    for _ in range(7):
        digits, number = (string.digits + string.ascii_lowercase)[number % 36] + digits, number // 36
    return text[:-7] + digits


def _hex(text: str) -> str:
    return f"{text[:-8]}{int.from_bytes(crc32(text[:-9].encode()).to_bytes(4, 'little'), 'big'):08x}"


def _bech32(text: str) -> str:
    """By brute force over no more than the six last characters: the code is linear."""
    head, _, data = text.lower().rpartition("1")
    values = [ord(char) >> 5 for char in head] + [0] + [ord(char) & 31 for char in head]
    values += [_BECH32.lower().index(char) for char in data[:-6]] + [0] * 6
    state = 1
    for value in values:
        top = state >> 25
        state = ((state & 0x1FFFFFF) << 5) ^ value
        for bit, step in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            state ^= step * (top >> bit & 1)
    state ^= 1
    return text[:-6] + "".join(_BECH32[state >> 5 * (5 - at) & 31] for at in range(6))


_COMPLETED = {
    "crc32-base62": _base62,
    "crc32-base36": _base36,
    "crc32-hex-little-endian": _hex,
    "bech32": _bech32,
}
