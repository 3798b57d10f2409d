"""The settings of config.toml that the application changes; comments and order of the file stay."""

import os
from collections.abc import Sequence

from keybound.custody.context.config import read_config
from keybound.custody.context.home import Home
from keybound.custody.view_models.settings import Setting
from keybound.domain.errors import BadInputError
from keybound.domain.profile.action_keys import PRESETS
from keybound.domain.profile.config import SAYS, STARTS, UNUSUAL, Config, config_of
from keybound.domain.profile.key_settings import PRESET
from keybound.domain.profile.shapes import TableError
from keybound.sources.editing.edit_toml import set_value
from keybound.sources.profile_text import read_profile_table
from keybound.stores.atomic import write_atomic
from keybound.stores.private_dir import make_private_dir
from keybound.stores.regular_file import regular


def settings(home: Home) -> Sequence[Setting]:
    """All of them as they are. Raises BadInputError where config.toml is broken."""
    found = read_config(home)
    return (
        Setting("theme", "the colours; auto goes with the terminal", (), found.theme),
        Setting(
            f"keys.{PRESET}", "the keys; [keys] in config.toml changes single ones", tuple(PRESETS), _preset(found)
        ),
        Setting("hook.say", "how much the prompt hook says", SAYS, found.say),
        Setting("agent.start", "when the agent starts; it makes releases fast", STARTS, found.agent),
        Setting("usage.unusual", "when a token is used by a program that never used it", UNUSUAL, found.unusual),
    )


def _preset(found: Config) -> str:
    return str((found.keys or {}).get(PRESET, "default"))


def change_setting(home: Home, name: str, value: str) -> Config:
    """Write one value, and return what config.toml says then.

    Raises BadInputError where the file is broken, or would be by this value; UnavailableError where it cannot be written.
    """
    read_config(home)
    text = ""
    if os.path.exists(home.settings):
        with open(home.settings, encoding="utf-8", opener=regular) as file:
            text = file.read()
    changed = set_value(text, name.split("."), value)
    try:
        config_of(read_profile_table(changed, home.settings))
    except TableError as fault:
        raise BadInputError(f"{name} cannot be {value}: {fault.what}", where=home.settings, hint=fault.hint) from None
    make_private_dir(home.config)
    write_atomic(home.settings, changed.encode())
    return read_config(home)
