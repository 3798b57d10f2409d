"""Bitwarden's unencrypted JSON export: passwords, and hidden fields of items.

Source: bitwarden.com/help, "Condition a Bitwarden import" and "Export vault data": the fields of an item; a custom field
of type 1 is hidden. Written from that documentation; no export of a real vault was at hand.
"""

from collections.abc import Iterator

from keybound.domain.text.secret import Secret
from keybound.domain.values.readings import Value
from keybound.sources.parse_fault import ParseError
from keybound.sources.plain.base import PlainFile, PlainSecret, as_variable, host_of, is_secret, table

_HIDDEN = 1


def _find(values: Value) -> Iterator[PlainSecret]:
    export = table(values)
    if export.get("encrypted") is True:
        raise ParseError("the export is encrypted; export it as .json without encryption")
    items = export.get("items")
    for item in map(table, items if isinstance(items, list) else []):
        name, login = str(item.get("name") or ""), table(item.get("login"))
        host, user = _host(login.get("uris")), str(login.get("username") or "")
        password = login.get("password")
        if isinstance(password, str) and is_secret(password):
            yield PlainSecret((name, "password"), Secret(password), "", host, user)
        fields = item.get("fields")
        for field in map(table, fields if isinstance(fields, list) else []):
            value = field.get("value")
            if field.get("type") == _HIDDEN and isinstance(value, str) and is_secret(value):
                yield PlainSecret((name, str(field.get("name") or "field")), Secret(value), "", host, user)


def _host(uris: Value) -> str:
    return host_of(table(uris[0]).get("uri")) if isinstance(uris, list) and uris else ""


def _variable(found: PlainSecret) -> str:
    """A field is called as its owner called it; a login's password is a variable only if its form says that it is a token."""
    item, field = found.keys
    return "" if field == "password" else as_variable(item, field)


PLAIN = PlainFile("json", _find, _variable)
