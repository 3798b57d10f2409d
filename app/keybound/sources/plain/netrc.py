"""``.netrc``: a password for each machine, or for each login of one. Source: the manual of GNU inetutils, "The .netrc file"."""

import re
from collections.abc import Iterator, Sequence

from keybound.domain.text.secret import Secret
from keybound.sources.formats.netrc import NetrcEntry, netrc_entries
from keybound.sources.plain.base import Names, PlainFile, PlainSecret, Taken, as_variable, is_secret, user_and_secret

_BLANK_LINES = re.compile(r"(?:[ \t]*\r?\n)+|[ \t]*\Z")
_BLANKS = re.compile(r"[ \t]*")


def _find(text: str) -> Iterator[PlainSecret]:
    for keys, one in _entries(text):
        user, password = user_and_secret(one.fields.get("login", ""), one.fields.get("password", ""))
        if is_secret(password):
            yield PlainSecret(keys, Secret(password), "", "" if one.machine == "default" else one.machine, user)


def _entries(text: str) -> Iterator[tuple[Names, NetrcEntry]]:
    """Each with the names that lead to its password: its login is one of them where its machine has an entry before."""
    used: set[Names] = set()
    for number, one in enumerate(netrc_entries(text)):
        possible = ((one.machine,), (one.machine, one.fields.get("login", "")), (one.machine, str(number)))
        names = next(names for names in possible if names not in used)
        used.add(names)
        yield (*names, "password"), one


def _variable(found: PlainSecret) -> str:
    return as_variable(found.host or "netrc", "password")


def _without(text: str, taken: Sequence[Taken]) -> str:
    """Whole machines go: with a login alone, a program would ask for the password."""
    gone = {one.found.keys for one in taken}
    for keys, one in reversed(list(_entries(text))):
        if keys in gone:
            line = text.rfind("\n", 0, one.start) + 1
            after = _BLANK_LINES.match(text, one.end)
            alone = after and not text[line : one.start].strip()
            start, end = (line, after.end()) if alone and after else (one.start, _end(text, one.end))
            text = text[:start] + text[end:]
    return text


def _end(text: str, at: int) -> int:
    found = _BLANKS.match(text, at)
    return found.end() if found else at


PLAIN = PlainFile("", _find, _variable, _without, "its machine is removed")
