"""The one gate that text from outside passes before a terminal or a widget sees it."""

_ALLOWED = {"Cc": False, "Cf": False, "Cs": False, "Co": False, "Zl": False, "Zp": False}
_JOINERS = frozenset("\u200d\ufe0f")  # emoji sequences; they steer nothing


def clean(text: str) -> str:
    """Return ``text`` with control, bidirectional and format characters shown as escapes, newline and tab too."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(char) for char in text)


def clean_columns(text: str, mark: str) -> str:
    """Like :func:`clean`, with one ``mark`` for each such character, so that columns stay; tabs stay too."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(char if char == "\t" or _shown(char) == char else mark for char in text)


def clean_lines(text: str) -> str:
    """Like :func:`clean`, line by line: newlines stay."""
    return "\n".join(clean(line) for line in text.split("\n"))


def _shown(char: str) -> str:
    import unicodedata  # 0.7 ms that plain ASCII does not pay

    if char in _JOINERS or _ALLOWED.get(unicodedata.category(char), True):
        return char
    point = ord(char)
    return f"\\x{point:02x}" if point < 0x100 else f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"


def shorten(text: str, width: int) -> str:
    """Cut to ``width`` characters with an ellipsis."""
    return text if len(text) <= width else text[: max(width - 1, 0)] + "…"
