""".netrc: machines with login, account and password; ``default`` is a machine of that name.

Words are parted by blanks or newlines; one in double quotes may hold blanks, and ``\\`` keeps the next character. ``#``
where a machine or a field may begin opens a comment. Macros are skipped. ``user`` is read as ``login``.
"""

import re
from collections.abc import Iterator

from keybound.domain.values.readings import Value
from keybound.sources.bounds import check_lines, counted
from keybound.sources.formats.base import Format
from keybound.sources.parse_fault import ParseError, twice

_WORD = re.compile(r'\s*+(?:"((?:[^"\\\n]++|\\[^\n])*+)"(?=\s|\Z)|([^\s"]\S*+))')
_FIELDS = {"login": "login", "user": "login", "account": "account", "password": "password"}


def parse_netrc(text: str) -> Value:
    """Return the machines. Raises ParseError; a machine or a field that stands twice is one."""
    text = check_lines(text)
    machines: dict[str, Value] = {}
    machine: dict[str, Value] | None = None
    words = _Words(text)
    for word in counted(iter(words.keyword, "")):
        if word in ("machine", "default"):
            name = words.value() if word == "machine" else word
            if name in machines:
                raise twice(name, words.line)
            machine = machines[name] = {}
        elif word == "macdef":
            words.skip_macro()
        elif machine is not None and (field := _FIELDS.get(word)):
            if field in machine:
                raise twice(field, words.line)
            machine[field] = words.value()
        else:
            raise ParseError("it is neither machine, default nor a field of one", words.line)
    return machines


class _Words:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    @property
    def line(self) -> int:
        """The line of the word that was read last."""
        return self._text.count("\n", 0, self._at) + 1

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
            yield bare if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
        if self._text[self._at :].strip():
            raise ParseError("a quote is not closed", self.line)


FORMAT = Format(parse_netrc)
