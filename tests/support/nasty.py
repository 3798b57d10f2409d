"""Values that break quoting: every byte, every shell's special characters, and random mixtures of them."""

import random
from collections.abc import Iterator

_PARTS = [
    *"'\"`$\\!%#~*?;&|<>()^=,@\n\r\t \x01\x7f-éß\u202e\u200d\ufeff\u2018\u2019\u201a\u201b\u2028\x85\u00a0",
    *(
        "$HOME",
        "$(id)",
        "${x}",
        "\\n",
        "\\'",
        "!!",
        "%s",
        "%PATH%",
        "[a]",
        "{a,b}",
        "\r\n",
        "  ",
        "\x1b[31m",
        "--",
        "-n",
    ),
    *(
        "--help",
        "-rf /",
        "日本",
        "🔑",
        "EOF",
        "end",
        "'@",
        '"@',
        "@'",
        "$'",
        "\\x41",
        "\\u0041",
        "{{",
        "}}",
        "set -e",
        "null",
    ),
]
_BYTES = [b"\xff", b"\xfe\xff", b"\xc3", b"\xed\xa0\x80", b"\xf0\x9f", b"\x80"]


def texts(count: int) -> list[bytes]:
    """``count`` values that are UTF-8, the same at each call."""
    found = [part.encode() for part in _PARTS] + [chr(code).encode() for code in range(1, 256)]
    found += [b"x" * 40_000, b"\n" * 50, b" lead", b"trail ", b"trail\n", b"\nlead", b"'" * 20, b"\\" * 21]
    dice = random.Random(1)
    while len(found) < count:
        found.append("".join(dice.choices(_PARTS, k=dice.randint(2, 12))).encode())
    return found[:count]


def values(count: int) -> list[bytes]:
    """``count`` values of any bytes but NUL, the same at each call."""
    return [*texts(count - 120), *_mixed(120)]


def _mixed(count: int) -> Iterator[bytes]:
    dice = random.Random(2)
    parts = [*_BYTES, *(part.encode() for part in _PARTS)]
    for number in range(count):
        yield (
            bytes([dice.choice(_BYTES)[0]])
            if number < 6
            else b"".join([dice.choice(_BYTES), *dice.choices(parts, k=dice.randint(1, 10))])
        )
