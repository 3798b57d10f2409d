"""Limits that parsed values keep, so that reading is quick and nothing that works on them later can fail."""

from collections.abc import Iterable, Iterator, Mapping, Sized
from typing import TypeVar

from keybound.domain.values.readings import Value
from keybound.sources.parse_fault import ParseError

MOST_LEVELS = 100
MOST_VALUES = 100_000
MOST_LINES = 200_000
_TOO_LARGE = 10**4300  # more digits than Python writes out

T = TypeVar("T")


def check_bounds(value: Value) -> None:
    """Raise ParseError where ``value`` is nested over 100 levels, has over 100,000 values, a number of over 4300 digits
    or text that is not Unicode.
    """
    level: list[Value] = [value]
    count = 1
    for _ in range(MOST_LEVELS):
        count += sum(len(item) for item in level if isinstance(item, Sized) and not isinstance(item, str))
        if count > MOST_VALUES:
            raise too_many()
        level = [child for item in level for child in _children(item)]
        if not level:
            return
    raise ParseError("it is nested too deep")


def too_many() -> ParseError:
    """The fault of a file that holds too much to be read into."""
    return ParseError("it has too many values (over 100,000)")


def counted(items: Iterable[T]) -> Iterator[T]:
    """Pass the items on; raise ParseError at the 100,001st."""
    for count, item in enumerate(items):
        if count == MOST_VALUES:
            raise too_many()
        yield item


def check_lines(text: str) -> str:
    """Return ``text``; raise ParseError where it has over 200,000 lines or escapes."""
    if text.count("\\") > MOST_LINES:
        raise ParseError("it has too many escapes (over 200,000)")
    if text.count("\n") > MOST_LINES:
        raise ParseError("it has too many lines (over 200,000)")
    return text


def _children(item: Value) -> list[Value]:
    if isinstance(item, str):
        _check_text(item)
        return []
    if isinstance(item, int) and not -_TOO_LARGE < item < _TOO_LARGE:
        raise ParseError("it contains a number of over 4300 digits")
    if not isinstance(item, Mapping | list):
        return []
    if isinstance(item, list):
        return list(item)
    for name in item:
        _check_text(name)
    return list(item.values())


def _check_text(text: str) -> None:
    try:
        text.isascii() or text.encode()
    except UnicodeEncodeError:
        raise ParseError("it contains half of a surrogate pair") from None
