"""``.netrc``: a password for each machine. Source: the manual of GNU inetutils, "The .netrc file"."""

from collections.abc import Iterator

from keybound.domain.text.secret import Secret
from keybound.domain.values.readings import Value
from keybound.sources.plain.base import PlainFile, PlainSecret, is_secret, table


def _find(values: Value) -> Iterator[PlainSecret]:
    for machine, entries in table(values).items():
        fields = table(entries)
        password = fields.get("password")
        if isinstance(password, str) and is_secret(password):
            host = "" if machine == "default" else machine
            yield PlainSecret((machine, "password"), Secret(password), "", host, str(fields.get("login", "")))


PLAIN = PlainFile("netrc", _find)
