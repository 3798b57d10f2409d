"""The providers that Keybound ships, read once."""

import tomllib
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable

from keybound.catalogue.parse import provider_of
from keybound.catalogue.provider import Provider


def _files() -> list[Traversable]:
    folder = resources.files(__package__).joinpath("providers")
    return sorted((one for one in folder.iterdir() if one.name.endswith(".toml")), key=lambda one: one.name)


def shipped_ids() -> list[str]:
    """Their names, without reading one."""
    return [file.name.removesuffix(".toml") for file in _files()]


@lru_cache(maxsize=256)
def shipped_one(id_: str) -> Provider | None:
    """One of them, read alone; None where there is none of that name."""
    file = next((one for one in _files() if one.name == f"{id_}.toml"), None)
    return provider_of(id_, tomllib.loads(file.read_text("utf-8"))) if file else None


@lru_cache(maxsize=1)
def shipped() -> tuple[Provider, ...]:
    """All of them, in the order of their names."""
    texts = ((file.name.removesuffix(".toml"), file.read_text("utf-8")) for file in _files())
    return tuple(provider_of(id_, tomllib.loads(text)) for id_, text in texts)
