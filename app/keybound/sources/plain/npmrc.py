"""npm's configuration: ``//host/path/:_authToken``, ``_auth`` and ``_password`` (base64).

npm puts variables into values: ``${NPM_TOKEN}``. Source: npm's documentation, "npmrc: Auth related configuration".
"""

from collections.abc import Iterator, Sequence

from keybound.domain.text.secret import Secret, expose_secret
from keybound.domain.values.readings import Value
from keybound.sources.plain.base import PlainFile, PlainSecret, Taken, as_variable, is_secret, lines_of, table

_PUBLIC = "registry.npmjs.org"


def _find(values: Value) -> Iterator[PlainSecret]:
    found = table(values)
    for key, value in found.items():
        place, _, name = key.rpartition(":")
        if name not in ("_authToken", "_auth", "_password") or not isinstance(value, str) or not is_secret(value):
            continue
        host = place.removeprefix("//").partition("/")[0]
        user = found.get(f"{place}:username")
        provider = "npm" if host == _PUBLIC else ""
        yield PlainSecret((key,), Secret(value), provider, host, user if isinstance(user, str) else "")


def _variable(found: PlainSecret) -> str:
    return "NPM_TOKEN" if found.host in ("", _PUBLIC) else as_variable("NPM_TOKEN", found.host)


def _without(text: str, taken: Sequence[Taken]) -> str:
    lines = lines_of(text)
    for one in taken:
        head, value, tail = lines[one.line - 1].rpartition(expose_secret(one.found.secret).decode())
        lines[one.line - 1] = f"{head}${{{one.variable}}}{tail}" if value else tail
    return "".join(lines)


PLAIN = PlainFile("npmrc", _find, _variable, _without, "a variable takes its place")
