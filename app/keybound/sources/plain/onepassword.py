"""1Password's 1PUX export: a ZIP whose ``export.data`` is JSON. Passwords, and concealed fields of items.

Source: support.1password.com/1pux-format; category 112 is an API credential. Written from that page; no export was at hand.
"""

import json
import zlib
from collections.abc import Iterator
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from keybound.domain.text.secret import Secret
from keybound.domain.values.readings import Value
from keybound.sources.parse_fault import ParseError
from keybound.sources.plain.base import PlainFile, PlainSecret, as_variable, host_of, is_secret, table

_API_CREDENTIAL = "112"
_LARGEST = 64 * 1024 * 1024


def _find(data: bytes) -> Iterator[PlainSecret]:
    for item in _items(_export(data)):
        overview, details = table(item.get("overview")), table(item.get("details"))
        title, host = str(overview.get("title") or "untitled"), host_of(overview.get("url"))
        certain = item.get("categoryUuid") == _API_CREDENTIAL
        for name, value in _fields(details):
            if is_secret(value):
                yield PlainSecret((title, name), Secret(value), "", host, certain=certain)


def _export(data: bytes) -> Value:
    try:
        with ZipFile(BytesIO(data)) as archive:
            if archive.getinfo("export.data").file_size > _LARGEST:
                raise ParseError("its export.data is over 64 MiB")
            found: Value = json.loads(archive.read("export.data"))
    except (BadZipFile, KeyError, ValueError):
        raise ParseError("it is not a ZIP with an export.data in it") from None
    except (NotImplementedError, RuntimeError, zlib.error):  # nested too deep is a RuntimeError too
        raise ParseError("its export.data cannot be read: it is encrypted, damaged or nested too deep") from None
    return found


def _items(export: Value) -> Iterator[dict[str, Value]]:
    for account in _tables(table(export).get("accounts")):
        for vault in _tables(account.get("vaults")):
            yield from _tables(vault.get("items"))


def _fields(details: dict[str, Value]) -> Iterator[tuple[str, str]]:
    for field in _tables(details.get("loginFields")):
        if field.get("designation") == "password":
            yield "password", str(field.get("value") or "")
    for section in _tables(details.get("sections")):
        for field in _tables(section.get("fields")):
            if concealed := table(field.get("value")).get("concealed"):
                yield str(field.get("title") or field.get("id") or "field"), str(concealed)
    if password := details.get("password"):
        yield "password", str(password)


def _tables(value: Value) -> Iterator[dict[str, Value]]:
    yield from map(table, value if isinstance(value, list) else [])


def _variable(found: PlainSecret) -> str:
    title, field = found.keys
    return as_variable(title, field) if found.certain or field != "password" else ""


PLAIN = PlainFile("bytes", _find, _variable)
