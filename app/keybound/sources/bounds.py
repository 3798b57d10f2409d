"""Limits that parsed values keep, so that nothing that works on them later can fail."""

from collections.abc import Mapping

from keybound.domain.readings import Value
from keybound.sources.parse_fault import ParseFault

MOST_LEVELS = 100


def check_bounds(value: Value) -> None:
    """Raise ParseFault where ``value`` is nested over 100 levels or holds text that is not Unicode."""
    level: list[Value] = [value]
    for _ in range(MOST_LEVELS):
        level = [child for item in level for child in _children(item)]
        if not level:
            return
    raise ParseFault("it is nested too deep")


def _children(item: Value) -> list[Value]:
    if isinstance(item, str):
        _check_text(item)
        return []
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
        raise ParseFault("it holds half of a surrogate pair") from None
