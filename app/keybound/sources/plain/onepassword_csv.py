"""1Password's CSV export: a title and a password in each row.

Source: support.1password.com, "Export your data from the 1Password desktop apps". Written from it; no export was at hand.
"""

import csv
from collections.abc import Iterator
from io import StringIO

from keybound.domain.text.secret import Secret
from keybound.sources.parse_fault import ParseError
from keybound.sources.plain.base import PlainFile, PlainSecret, host_of, is_secret


def _find(text: str) -> Iterator[PlainSecret]:
    rows = csv.DictReader(StringIO(text, newline=""))
    try:
        names = {name.strip().lower(): name for name in rows.fieldnames or () if name}
        if "title" not in names or "password" not in names:
            raise ParseError("it has no columns Title and Password", 1)
        for row in rows:
            password = row[names["password"]] or ""
            if is_secret(password):
                host = host_of(row.get(names.get("url", "")))
                user = row.get(names.get("username", ""), "") or ""
                yield PlainSecret((row[names["title"]] or "untitled", "password"), Secret(password), "", host, user)
    except csv.Error as fault:
        raise ParseError(str(fault), rows.line_num) from None


PLAIN = PlainFile("", _find)
