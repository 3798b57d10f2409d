"""Docker's ``config.json``: ``auths`` has user and password of a registry in base64, or a token of it.

Source: docs.docker.com, "docker login", "Credential stores"; field names as in docker/cli ``cli/config/types/authconfig.go``.
"""

import json
from base64 import b64decode
from collections.abc import Iterator, Sequence

from keybound.domain.text.secret import Secret
from keybound.domain.values.readings import Value
from keybound.sources.plain.base import PlainFile, PlainSecret, Taken, as_variable, is_secret, table

_HUB = (
    "https://index.docker.io/v1/"  # Docker looks for Docker Hub's helper under this address, for others' under the host
)
_NOBODY = "<token>"  # the user name by which Docker knows that it is no password


def _find(values: Value) -> Iterator[PlainSecret]:
    for address, entries in table(table(values).get("auths")).items():
        fields = table(entries)
        host = address.partition("://")[2].partition("/")[0] if "://" in address else address.partition("/")[0]
        written = str(fields.get("auth") or "")
        user, secret = _user_and_password(written)
        if is_secret(secret):
            yield PlainSecret(("auths", address, "auth"), Secret(secret), "", host, user, Secret(written))
        for name in ("identitytoken", "registrytoken"):
            token = fields.get(name)
            if isinstance(token, str) and is_secret(token):
                yield PlainSecret(("auths", address, name), Secret(token), "", host, _NOBODY)


def _user_and_password(auth: str) -> tuple[str, str]:
    try:
        user, _, secret = b64decode(auth, validate=True).decode().partition(":")
    except ValueError:  # of base64 or of UTF-8
        return "", ""
    return user, secret.rstrip("\0")


def _variable(found: PlainSecret) -> str:
    return as_variable("docker_password", found.host)


def _without(text: str, taken: Sequence[Taken]) -> str:
    """A helper answers for the registry instead. Docker itself writes the file anew at each login, with tabs."""
    values = json.loads(text)
    for one in taken:
        _, address, field = one.found.keys
        del values["auths"][address][field]
        values.setdefault("credHelpers", {})[address if address == _HUB else one.found.host] = one.helper
    values["auths"] = {address: fields for address, fields in values["auths"].items() if fields}
    return json.dumps(values, indent="\t", ensure_ascii=False)


PLAIN = PlainFile("json", _find, _variable, _without, "a credential helper takes its place", helped=True)
