"""Read a file's values by its format, which is given, else told by its name, else by its content."""

from keybound.domain.file_formats import format_by_name
from keybound.domain.values.readings import Value
from keybound.sources.bounds import check_bounds
from keybound.sources.formats.registry import format_by_content, get_format
from keybound.sources.parse_fault import ParseError


def parse(path: str, data: bytes, format_name: str = "") -> Value:
    """Return the values in ``data``, by the format that is given, else that its ``path`` or its content tells.

    Raises ParseError: broken, not UTF-8, a key that stands twice, nested too deep, too much, or of no known format.
    """
    text = decode(data)
    try:
        value = get_format(format_name or identify(path, text)).parse(text)
    except RecursionError:
        raise ParseError("it is nested too deep") from None
    check_bounds(value)
    return value


def identify(path: str, text: str) -> str:
    """The format of a file: by its name, else by its content; "" where none is known."""
    return format_by_name(path) or format_by_content(text)


def decode(data: bytes) -> str:
    """Return UTF-8 text without its byte order mark. Raises ParseError."""
    try:
        return data.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise ParseError("it is not UTF-8 text", data.count(b"\n", 0, error.start) + 1) from None
