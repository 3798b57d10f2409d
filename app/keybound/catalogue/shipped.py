"""The providers that Keybound ships, read once."""

import tomllib
from functools import lru_cache
from importlib import resources

from keybound.catalogue.parse import provider_of
from keybound.catalogue.provider import Provider


@lru_cache(maxsize=1)
def shipped() -> tuple[Provider, ...]:
    """All of them, in the order of their names."""
    folder = resources.files(__package__).joinpath("providers")
    files = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda one: one.name)
    return tuple(provider_of(file.name[:-5], tomllib.loads(file.read_text("utf-8"))) for file in files)
