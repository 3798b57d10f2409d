"""npm's configuration: ``//host/path/:_authToken``, ``_auth`` and ``_password`` (base64), also without a host.

Source: npm's documentation, "npmrc: Auth related configuration".
"""

import binascii
from base64 import b64decode
from collections.abc import Iterator

from keybound.domain.text.secret import Secret
from keybound.domain.values.readings import Value
from keybound.sources.plain.base import PlainFile, PlainSecret, is_secret, table


def _find(values: Value) -> Iterator[PlainSecret]:
    found = table(values)
    for key, value in found.items():
        place, _, name = key.rpartition(":")
        if name not in ("_authToken", "_auth", "_password") or not isinstance(value, str) or not is_secret(value):
            continue
        user = found.get(f"{place}:username")
        host = place.removeprefix("//").partition("/")[0]
        secret = value if name == "_authToken" else _decoded(value)
        if name == "_auth":
            user, _, secret = secret.partition(":")
        provider = "npm" if host == "registry.npmjs.org" else ""
        yield PlainSecret((key,), Secret(secret), provider, host, user if isinstance(user, str) else "", Secret(value))


def _decoded(value: str) -> str:
    try:
        return b64decode(value, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return value


PLAIN = PlainFile("npmrc", _find)
