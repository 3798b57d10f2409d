"""fnox's configuration: what it keeps in clear, as a ``default``, or as the ``value`` of a provider that is plain.

Source: fnox.jdx.dev, "Plain Text" and "Configuration Reference".
"""

from collections.abc import Iterator, Sequence

from keybound.domain.text.secret import Secret
from keybound.domain.values.readings import Value
from keybound.sources.editing.edit_toml import unset
from keybound.sources.plain.base import Names, PlainFile, PlainSecret, Taken, is_secret, table


def _find(values: Value) -> Iterator[PlainSecret]:
    top = table(values)
    plain = {name for name, one in table(top.get("providers")).items() if table(one).get("type") == "plain"}
    yield from _secrets(("secrets",), top.get("secrets"), plain)
    for name, profile in table(top.get("profiles")).items():
        yield from _secrets(("profiles", name, "secrets"), table(profile).get("secrets"), plain)


def _secrets(keys: Names, secrets: Value, plain: set[str]) -> Iterator[PlainSecret]:
    for name, entry in table(secrets).items():
        fields = table(entry)
        for field in ("value", "default"):
            value = fields.get(field)
            if isinstance(value, str) and is_secret(value) and (field == "default" or fields.get("provider") in plain):
                yield PlainSecret((*keys, name, field), Secret(value))
                break


def _variable(found: PlainSecret) -> str:
    return found.keys[-2]


def _without(text: str, taken: Sequence[Taken]) -> str:
    for one in taken:
        text = unset(text, one.found.keys[:-1])
    return text


PLAIN = PlainFile("toml", _find, _variable, _without, "its entry is removed", named=True)
