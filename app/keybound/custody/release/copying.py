"""Copy: one token to the clipboard, by the session's own tool, else by the terminal."""

from collections.abc import Callable

from keybound.custody.context.caller import who
from keybound.custody.context.context import Context
from keybound.custody.evaluation.evaluate import no_such_token
from keybound.custody.release.copy_forms import ID, SECRET, in_form
from keybound.custody.release.release import Asked, release
from keybound.domain.errors import RefusedError
from keybound.domain.text.secret import Secret
from keybound.domain.values.names import TokenId
from keybound.domain.verdict.states import Way
from keybound.stores.clipboard import CLEAR_SECONDS, find_tool, put

TERMINAL = "the terminal (OSC 52); it cannot be cleared from here"


def release_one(context: Context, token: TokenId, way: Way, program: str) -> Secret:
    """Release one token by one way. Raises RefusedError where it is withheld, NotFoundError where there is no secret."""
    return next(iter(_release_variables(context, token, way, program).values()))


def _release_variables(context: Context, token: TokenId, way: Way, program: str) -> dict[str, Secret]:
    """The same with the variables that it is exported as."""
    released = release(context, token.profile, Asked(way, who(program), frozenset([token.name])))
    if found := {name: secret for name, (id_, secret) in released.variables.items() if id_ == str(token)}:
        return found
    for one in released.withheld:
        if one.id == str(token):
            raise RefusedError(f"{token} is withheld ({one.state}): {one.why}")
    raise no_such_token(context, token)


def copy(
    context: Context, token: TokenId, program: str, terminal: Callable[[Secret], None] | None, form: str = SECRET
) -> str:
    """Put a token on the clipboard, in one of :data:`FORMS`, and say by which way. ``terminal`` hands it to the terminal;
    None: there is none.

    Raises RefusedError where the token is withheld, or where there is no clipboard: then nothing is released; BadInputError
    where the secret has no such form.
    """
    tool = find_tool(context.environ)
    if tool is None and terminal is None:
        raise RefusedError(
            "no clipboard is available", hint="Install wl-clipboard, xclip or xsel, or run this at a terminal."
        )
    variables = {} if form == ID else _release_variables(context, token, Way.COPY, program)
    secret = in_form(form, token, variables, context.environ)
    if tool is not None and put(tool, secret, context.environ):
        return f"{tool.name}; it is cleared in {CLEAR_SECONDS:g} s"
    if terminal is None:
        raise RefusedError(f"{tool.name if tool else 'the clipboard'} failed, and there is no terminal to copy through")
    terminal(secret)
    return TERMINAL
