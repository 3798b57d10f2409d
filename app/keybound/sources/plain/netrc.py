"""``.netrc``: a password for each machine. Source: the manual of GNU inetutils, "The .netrc file"."""

import re
from collections.abc import Iterator, Sequence

from keybound.domain.text.secret import Secret
from keybound.domain.values.readings import Value
from keybound.sources.plain.base import PlainFile, PlainSecret, Taken, as_variable, is_secret, table, user_and_secret

_NEXT = r"(?:^[ \t]*#[^\n]*\n)*^[ \t]*(?:machine|default|macdef)\b"  # with the comments that belong to it


def _find(values: Value) -> Iterator[PlainSecret]:
    for machine, entries in table(values).items():
        fields = table(entries)
        user, password = user_and_secret(str(fields.get("login", "")), str(fields.get("password", "")))
        if is_secret(password):
            host = "" if machine == "default" else machine
            yield PlainSecret((machine, "password"), Secret(password), "", host, user)


def _variable(found: PlainSecret) -> str:
    return as_variable(found.host or "netrc", "password")


def _without(text: str, taken: Sequence[Taken]) -> str:
    """Whole machines go: with a login alone, a program would ask for the password."""
    for one in taken:
        name = one.found.keys[0]
        begin = r"default\b" if name == "default" else rf"machine\s+{re.escape(name)}(?=\s)"
        text = re.sub(rf"(?ms)^[ \t]*{begin}.*?(?={_NEXT}|\Z)", "", text, count=1)
    return text


PLAIN = PlainFile("netrc", _find, _variable, _without, "its machine is removed")
