"""Which profile: an argument, this shell's pin, the active one."""

import os

from keybound.custody.keeper import Keeper
from keybound.custody.paths import read_line
from keybound.domain.errors import NotFound
from keybound.domain.names import check_name
from keybound.stores.generation import touch


def profile_in_use(keeper: Keeper, argument: str | None = None) -> str:
    """The profile to use. Raises NotFound where none is named anywhere."""
    name = argument or keeper.environ.get("KEYBOUND_PROFILE", "") or active_profile(keeper)
    if not name:
        raise NotFound("no profile is in use", hint="Name one, or: keybound use PROFILE")
    return check_name(name, "profile")


def active_profile(keeper: Keeper) -> str:
    """The active profile, or ""."""
    return read_line(keeper.home.state, "active")


def activate(keeper: Keeper, name: str) -> None:
    """Make a profile the active one for every shell that follows. Raises NotFound, BadInput."""
    keeper.library().load(name)
    keeper.write_line("previous", active_profile(keeper))
    keeper.write_line("active", name)
    touch(keeper.home.generation)


def previous_profile(keeper: Keeper) -> str:
    """The profile that was active before. Raises NotFound."""
    name = read_line(keeper.home.state, "previous")
    if not name or not os.path.exists(keeper.home.profile_path(name)):
        raise NotFound("there is no previous profile")
    return name
