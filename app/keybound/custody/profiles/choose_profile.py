"""Which profile: an argument, this shell's pin, an allowed project file, a rule by folder or remote, the active one."""

import os
from typing import NamedTuple

from keybound.custody.context.context import Context
from keybound.custody.context.paths import IN_USE, read_line
from keybound.custody.profiles.library import Library
from keybound.custody.shell_state.project import nearest_project
from keybound.domain.errors import BadInputError, NotFoundError
from keybound.domain.values.names import TokenId, check_name, parse_token_id
from keybound.sources.files.snapshot import Snapshot
from keybound.stores.generation import touch

PIN, ACTIVE = "this shell's pin", "the active profile"


class Choice(NamedTuple):
    """A profile and how it came to be chosen. ``notes``: what was passed over, for its owner to hear."""

    profile: str
    how: str
    notes: tuple[str, ...] = ()


def profile_in_use(context: Context, argument: str | None = None) -> str:
    """The profile to use. Raises NotFoundError where none is named anywhere, BadInputError for a broken file."""
    return choose(context, argument).profile


def choose(context: Context, argument: str | None = None, seen: Snapshot | None = None) -> Choice:
    """The profile to use, and how it was chosen. Raises NotFoundError where none is named anywhere, BadInputError.

    ``seen`` keeps what was read of git for a rule by remote.
    """
    if argument:
        return Choice(check_name(argument, "profile"), "named")
    if pin := context.environ.get("KEYBOUND_PROFILE", ""):
        return Choice(check_name(pin, "profile"), PIN)
    notes: tuple[str, ...] = ()
    if project := nearest_project(context.caller.cwd):
        from keybound.custody.profiles.allow import project_in_use

        if profile := project_in_use(context, project):
            return Choice(profile, project)
        notes = (f"{project} is not allowed: keybound allow {os.path.dirname(project)}",)
    if ruled := _by_rule(context, seen):
        return ruled._replace(notes=notes)
    if name := active_profile(context):
        return Choice(check_name(name, "profile"), ACTIVE, notes)
    begun = os.path.isdir(context.home.profiles)
    step = "Name one, or choose one: keybound use PROFILE" if begun else "Run: keybound init"
    raise NotFoundError("no profile is in use", hint="\n  ".join([*notes, step]))


def token_named(context: Context, text: str) -> TokenId:
    """``PROFILE/NAME``, or a bare ``NAME``: a token of the profile in use. Raises NotFoundError, BadInputError."""
    return parse_token_id(text) if "/" in text else TokenId(profile_in_use(context), check_name(text, "token"))


def _by_rule(context: Context, seen: Snapshot | None) -> Choice | None:
    if not os.path.lexists(context.home.settings):
        return None
    from keybound.custody.profiles.rules_of_use import first_rule

    rule = first_rule(context, seen or Snapshot())
    return Choice(rule.profile, f"[[use]] {rule.folder or rule.remote}") if rule else None


def chosen_name(context: Context) -> str:
    """The profile in use, "" where none is, or where the file that says so is broken."""
    try:
        return choose(context).profile
    except (NotFoundError, BadInputError):
        return ""


def active_profile(context: Context) -> str:
    """The active profile, or "". Raises BadInputError where it cannot be read."""
    return read_line(context.home.state, IN_USE)


def activate(context: Context, name: str) -> None:
    """Make a profile the active one for every shell that follows. Raises NotFoundError, BadInputError."""
    Library(context.home).load(name)
    context.write_line("previous", active_profile(context))
    context.write_line(IN_USE, name)
    touch(context.home.generation)


def previous_profile(context: Context) -> str:
    """The profile that was active before. Raises NotFoundError."""
    name = read_line(context.home.state, "previous")
    if not name or not os.path.exists(context.home.profile_path(name)):
        raise NotFoundError("there is no previous profile")
    return name
