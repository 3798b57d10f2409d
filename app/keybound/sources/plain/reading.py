"""The secrets in a file's text, with their lines."""

import re
from typing import NamedTuple

from keybound.domain.text.secret import expose_secret
from keybound.domain.values.keys import Member
from keybound.sources.bounds import check_bounds
from keybound.sources.files.locate import line_of
from keybound.sources.formats.reading import decode
from keybound.sources.formats.registry import get_format
from keybound.sources.parse_fault import ParseError
from keybound.sources.plain.base import Names, PlainSecret
from keybound.sources.plain.registry import get_plain_file

_MOST_PLACED = 100  # by their keys, for which the text is read anew each time; of more, by their text


class LocatedSecret(NamedTuple):
    """A secret in clear, and the line (from 1) on which it stands; 0 in what has no lines."""

    found: PlainSecret
    line: int


def plain_secrets(kind: str, path: str, data: bytes) -> list[LocatedSecret]:
    """The secrets in a file of this kind. Raises ParseError."""
    file = get_plain_file(kind)
    if file.format == "bytes":
        return [LocatedSecret(one, 0) for one in file.find(data)]
    text = decode(data)
    if not file.format:
        return [LocatedSecret(one, _line_with(text, one)) for one in file.find(text)]
    try:
        values = get_format(file.format).parse(text)
    except RecursionError:
        raise ParseError("it is nested too deep") from None
    check_bounds(values)
    found = list(file.find(values))
    if len(found) > _MOST_PLACED:
        return [LocatedSecret(one, _line_with(text, one)) for one in found]
    return [LocatedSecret(one, _line(path, text, one, file.format)) for one in found]


def _line(path: str, text: str, one: PlainSecret, format_name: str) -> int:
    place = line_of(path, text, _steps(one.keys), format_name)
    return place[0] if place else _line_with(text, one)


def _steps(keys: Names) -> list[Member]:
    return [Member(key) for key in keys]


def _line_with(text: str, one: PlainSecret) -> int:
    """The first line that has the secret as it is written, beside its name if it can be; 1 where it is quoted in some way."""
    written, name = expose_secret(one.written or one.secret).decode(), one.keys[-1]
    beside = re.search(rf"{re.escape(name)}[^\n]{{0,20}}{re.escape(written)}", text)
    at = beside.start() if beside else text.find(written)
    return text.count("\n", 0, at) + 1 if at >= 0 else 1
