"""Bind a token to a key, and take a binding away."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

from keybound.custody.context.context import Context
from keybound.custody.envelopes.changes import changing
from keybound.custody.evaluation.evaluate import find, find_locked
from keybound.custody.evaluation.rule_tools import boundary_fault
from keybound.custody.profiles.library import Library
from keybound.custody.tokens.consequences import consequences
from keybound.custody.tokens.edit import save_locked
from keybound.custody.tokens.file_names import name_file
from keybound.domain.errors import BadInputError, NotFoundError, RefusedError
from keybound.domain.values.keys import parse_key
from keybound.domain.values.names import TokenId
from keybound.domain.values.readings import Value
from keybound.sources.editing.edit_toml import set_value, unset

Wanted: TypeAlias = Sequence[tuple[str, Mapping[str, Value]]]  # keys with their boundaries, at least one


class Bound(NamedTuple):
    """A profile's text with a binding set. ``key``: as it stands there.

    ``made``: the ``[files]`` entry that came with it, "" for none; ``files``: those of the profile then, absolute.
    """

    text: str
    key: str
    made: str
    files: Mapping[str, str]


def bound_text(
    context: Context, token: TokenId, text: str, files: Mapping[str, str], key: str, rules: Mapping[str, Value]
) -> Bound:
    """Set a binding in ``text``; a file named by its path is named in ``[files]``. Raises BadInputError.

    ``files``: those of the effective profile, with their absolute paths.
    """
    named = name_file(key, files, context.home.user, context.caller.cwd)
    parsed = parse_key(named.key)
    if fault := boundary_fault(rules):
        raise BadInputError(fault, hint="Nothing was changed.")
    if named.path:
        text = set_value(text, ("files", named.name), named.path)
    elif parsed.kind == "file" and parsed.name not in files:
        known = f"Known: {', '.join(files)}. " if files else ""
        raise BadInputError(
            f"[files] has no file named {parsed.name}",
            hint=f"{known}To name one, give its path, as in file:~/.{parsed.name}#key.",
        )
    made = f"{named.name} = {named.path}" if named.path else ""
    files = {**files, named.name: named.whole} if named.path else files
    return Bound(set_value(text, ("tokens", token.name, "bound", named.key), rules), named.key, made, files)


def propose(context: Context, token: TokenId, wanted: Wanted) -> tuple[list[Bound], list[str]]:
    """What :func:`bind` would write, key by key, and what it would do to the token now. Raises NotFoundError, BadInputError."""
    find(context, token)
    made = _bound(context, token, wanted)
    return made, consequences(context, token, made[-1].text, [one.key for one in made])


def bind(context: Context, token: TokenId, wanted: Wanted, *, outside: bool) -> list[str]:
    """Bind a token to keys, or replace their boundaries, all or none; return warnings about the present readings.

    ``outside``: do it although a reading is not inside; without it that is RefusedError, and nothing is changed.
    """
    with changing(context):
        find_locked(context, token)
        made = _bound(context, token, wanted)
        text, keys = made[-1].text, {one.key for one in made}
        if not outside and (harm := consequences(context, token, text, keys)):
            raise RefusedError(harm[0], hint="Nothing was changed.")
        save_locked(context, token.profile, text, Library(context.home).page(token.profile).text)
        one = find_locked(context, token)
    return [finding.message for finding in one.verdict.findings if finding.key in keys]


def _bound(context: Context, token: TokenId, wanted: Wanted) -> list[Bound]:
    """One after another, each in the text that the one before has made."""
    library = Library(context.home)
    files: Mapping[str, str] = library.load(token.profile).profile.files
    text = library.page(token.profile).text
    made: list[Bound] = []
    for key, rules in wanted:
        made.append(bound_text(context, token, text, files, key, rules))
        text, files = made[-1].text, made[-1].files
    return made


def unbind(context: Context, token: TokenId, key: str) -> str:
    """Take a binding away; return its key as it stood there.

    Raises NotFoundError where the profile's own file does not hold it.
    """
    with changing(context):
        library = Library(context.home)
        page, files = library.page(token.profile), library.load(token.profile).profile.files
        key = name_file(key, files, context.home.user, context.caller.cwd).key
        try:
            changed = unset(page.text, ("tokens", token.name, "bound", key))
        except (KeyError, BadInputError):
            raise NotFoundError(f"{token} is not bound to {key} in {page.path}") from None
        save_locked(context, token.profile, changed, page.text)
    return key
