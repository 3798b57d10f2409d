"""Cargo's ``credentials.toml``: the token of crates.io, and of each other registry.

Source: doc.rust-lang.org/cargo, "Configuration", Credentials.
"""

from collections.abc import Iterator, Sequence

from keybound.domain.text.secret import Secret
from keybound.domain.values.readings import Value
from keybound.sources.editing.edit_toml import unset
from keybound.sources.plain.base import Names, PlainFile, PlainSecret, Taken, as_variable, is_secret, table


def _find(values: Value) -> Iterator[PlainSecret]:
    top = table(values)
    yield from _token(("registry",), top.get("registry"), "crates-io", "crates.io")
    for name, entries in table(top.get("registries")).items():
        yield from _token(("registries", name), entries, "", "")


def _token(keys: Names, entries: Value, provider: str, host: str) -> Iterator[PlainSecret]:
    token = table(entries).get("token")
    if isinstance(token, str) and is_secret(token):
        yield PlainSecret((*keys, "token"), Secret(token), provider, host)


def _variable(found: PlainSecret) -> str:
    """Source: doc.rust-lang.org/cargo, "Environment Variables"."""
    name = found.keys[1] if len(found.keys) == 3 else ""
    return as_variable("cargo_registries", name, "token") if name else "CARGO_REGISTRY_TOKEN"


def _without(text: str, taken: Sequence[Taken]) -> str:
    for one in taken:
        text = unset(text, one.found.keys)
    return text


PLAIN = PlainFile("toml", _find, _variable, _without, "it is removed; cargo reads its variable")
