"""Finds secrets in a text of bytes: all rules are tried at once, and only those that match are looked at closely."""

import codecs
from typing import Any

from keybound.catalogue.recognise import Recogniser
from keybound.custody.scan.finds import Find, surest
from keybound.custody.scan.rules import all_rules

_MEMORY = 64 << 20  # RE2's, for the states that it meets
_LOOK = 8192
_MARKS = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


class Finder:
    """All rules, compiled once; one serves any number of texts."""

    def __init__(self, recogniser: Recogniser) -> None:
        import re2

        self._set = re2.Set.SearchSet(_options(longest=False))
        self._rules: list[tuple[Any, Any]] = []
        for rule in all_rules(recogniser):
            pattern = rule.pattern.encode("latin-1")
            self._set.Add(pattern)
            self._rules.append((re2.compile(pattern, _options(longest=rule.longest)), rule.read))
        self._set.Compile()

    def find(self, data: bytes, place: str = "") -> list[Find]:
        """The secrets in ``data``, in its order; with those that have a fault.

        ``place``: what ``data`` is called, which may tell a provider.
        """
        matching = self._set.Match(data)
        if not matching:
            return []
        found = []
        for index in matching:
            compiled, read = self._rules[index]
            for match in compiled.finditer(data):
                found += read(data, match, place)
        return surest(found)


def _options(*, longest: bool) -> Any:
    import re2

    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    options.encoding = re2.Options.Encoding.LATIN1  # bytes, whatever they are
    options.longest_match = longest
    return options


def as_text(data: bytes) -> bytes | None:
    """The bytes in which to look: UTF-16 with its mark becomes UTF-8; None for what is no text."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace").encode()
    return None if b"\0" in data[:_LOOK] else data
