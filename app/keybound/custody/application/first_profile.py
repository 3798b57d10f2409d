"""The first profile, so that there is something to add tokens to."""

from keybound.custody.context.context import Context
from keybound.custody.profiles.choose_profile import activate, active_profile
from keybound.custody.profiles.library import Library
from keybound.custody.profiles.templates import new_profile, write_schemas
from keybound.custody.tokens.edit import save_text
from keybound.domain.values.names import check_name

DEFAULT = "default"


def first_profile(context: Context, name: str = DEFAULT) -> str:
    """The active profile. Where there is no profile, ``name`` is made; where the active one is not there, the first one is.

    Raises RefusedError, BadInputError, UnavailableError.
    """
    check_name(name, "profile")
    write_schemas(context)
    if not Library(context.home).names():
        save_text(context, name, new_profile("My tokens"), None)
    names = Library(context.home).names()
    if active_profile(context) not in names:  # one that was removed is no longer in use
        activate(context, names[0])
    return active_profile(context)
