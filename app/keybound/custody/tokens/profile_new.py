"""A new profile: empty, below a parent, or with the text of another."""

from collections.abc import Sequence

from keybound.custody.context.context import Context
from keybound.custody.evaluation.evaluate import evaluate
from keybound.custody.profiles.library import Library
from keybound.custody.profiles.templates import new_profile, write_schemas
from keybound.custody.tokens.edit import save_text
from keybound.custody.tokens.sealing import profile_part_changed
from keybound.domain.errors import RefusedError
from keybound.domain.text.counts import plural
from keybound.domain.values.names import check_name


def create_profile(context: Context, name: str, parent: str) -> str:
    """Create it; ``parent``: the profile that it extends, or "". Returns its path.

    Raises BadInputError, also for a parent that is not there, and RefusedError where the name is taken.
    """
    _refuse_taken(context, name)
    text = new_profile("", check_name(parent, "profile") if parent else "")
    write_schemas(context)
    save_text(context, name, text, None)
    return context.home.profile_path(name)


def copy_profile(context: Context, name: str, new: str) -> str:
    """Give ``new`` the text of a profile; a line that says what it begins with. No secret is copied.

    Raises RefusedError where the name is taken, or a part of the first is not approved: a copy would approve it.
    """
    _refuse_taken(context, new)
    text = Library(context.home).page(name).text
    found = evaluate(context, [name])
    if name in found.loaded and profile_part_changed(found.loaded[name].profile, found.seals[name]):
        raise RefusedError(f"{name} has parts that are not approved", hint="Approve it first, or the copy would be.")
    save_text(context, new, text, None)
    count = len(found.judged)
    need = "needs a secret of its own" if count == 1 else "need secrets of their own"
    return f"{new} is a copy of {name}" + (f"; {plural(count, 'token')} {need}" if count else "")


def tokens_with_secret(context: Context, name: str) -> Sequence[str]:
    """The ids of a profile's tokens that have a secret. Raises NotFoundError, UnavailableError."""
    Library(context.home).page(name)
    return [str(one.id) for one in evaluate(context, [name]).judged if one.held.envelope is not None]


def _refuse_taken(context: Context, name: str) -> None:
    if check_name(name, "profile") in Library(context.home).names():
        raise RefusedError(f"profile {name} already exists")
