"""A setting of config.toml as the application shows it."""

from typing import NamedTuple


class Setting(NamedTuple):
    """``name`` stands in config.toml. No ``choices``: the application has them."""

    name: str
    says: str
    choices: tuple[str, ...]
    value: str
