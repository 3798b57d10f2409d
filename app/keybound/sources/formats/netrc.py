""".netrc: machines with login, account and password; ``default`` is a machine of that name.

Words are parted by blanks or newlines; one in double quotes may hold blanks, and ``\\`` keeps the next character. ``#``
where a machine or a field may begin opens a comment. Macros are skipped. ``user`` is read as ``login``.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from keybound.domain.values.readings import Value
from keybound.sources.bounds import check_lines, counted
from keybound.sources.formats.base import Format
from keybound.sources.parse_fault import ParseError, twice

_WORD = re.compile(r'\s*+(?:"((?:[^"\\\n]++|\\[^\n])*+)"(?=\s|\Z)|([^\s"]\S*+))')
_FIELDS = {"login": "login", "user": "login", "account": "account", "password": "password"}


class NetrcEntry(NamedTuple):
    """A machine, or ``default``. ``line``: where it begins, from 1; ``start`` and ``end``: of its words in the text."""

    machine: str
    fields: dict[str, str]
    line: int
    start: int
    end: int


def parse_netrc(text: str) -> Value:
    """Return the machines. Raises ParseError; a machine or a field that stands twice is one."""
    machines: dict[str, Value] = {}
    for one in netrc_entries(text):
        if one.machine in machines:
            raise twice(one.machine, one.line)
        machines[one.machine] = dict(one.fields)
    return machines


def netrc_entries(text: str) -> list[NetrcEntry]:
    """The machines in their order; one may have several logins. Raises ParseError."""
    found: list[NetrcEntry] = []
    words = _Words(check_lines(text))
    for word in counted(iter(words.keyword, "")):
        if word in ("machine", "default"):
            start = words.start
            name = words.value() if word == "machine" else word
            found.append(NetrcEntry(name, {}, words.line, start, words.end))
        elif word == "macdef":
            words.skip_macro()
        elif found and (field := _FIELDS.get(word)):
            if field in found[-1].fields:
                raise twice(field, words.line)
            found[-1].fields[field] = words.value()
            found[-1] = found[-1]._replace(end=words.end)
        else:
            raise ParseError("it is neither machine, default nor a field of one", words.line)
    return found


class _Words:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line, self._counted = 1, 0  # lines are counted once: there may be many machines
        self.start = 0  # of the word that was read last

    @property
    def end(self) -> int:
        """Of the word that was read last."""
        return self._at

    @property
    def line(self) -> int:
        """The line of the word that was read last."""
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def keyword(self) -> str:
        """The next word that is not in a comment; "" at the end."""
        for word in self._all():
            if not word.startswith("#"):
                return word
            end = self._text.find("\n", self._at)
            self._at = end if end >= 0 else len(self._text)
        return ""

    def value(self) -> str:
        for word in self._all():
            return word
        raise ParseError("a word is missing at the end", self.line)

    def skip_macro(self) -> None:
        end = re.compile(r"\n[ \t]*(?:\n|\Z)").search(self._text, self._at)
        self._at = end.end() if end else len(self._text)

    def _all(self) -> Iterator[str]:
        while found := _WORD.match(self._text, self._at):
            self._at = found.end()
            quoted, bare = found.groups()
            self.start = self._at - len(found.group().lstrip())
            yield bare if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
        if self._text[self._at :].strip():
            raise ParseError("a quote is not closed", self.line)


FORMAT = Format(parse_netrc)
