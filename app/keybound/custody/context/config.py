"""Read config.toml."""

from keybound.custody.context.home import Home
from keybound.domain.errors import BadInputError
from keybound.domain.profile.config import Config, config_of
from keybound.domain.profile.shapes import TableError
from keybound.domain.values.readings import Absent, Unreadable
from keybound.sources.files.open_file import open_once
from keybound.sources.profile_text import profile_fault, read_profile_table


def read_config(home: Home) -> Config:
    """What config.toml says; the defaults where there is none. Raises BadInputError with file, line and reason."""
    content = open_once(home.settings)
    if isinstance(content, Absent):
        return Config()
    if isinstance(content, Unreadable):
        raise BadInputError(content.why, where=home.settings)
    text = content.data.decode("utf-8", "replace")
    try:
        return config_of(read_profile_table(text, home.settings))
    except TableError as fault:
        also = profile_fault(home.settings, text, fault.also, "").where.rpartition(": ")[0] if fault.also else ""
        what = f"{fault.what} ({also})" if also else fault.what
        raise profile_fault(home.settings, text, fault.keypath, what, fault.hint) from None
