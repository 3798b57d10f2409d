"""What the credential helpers share: the same release, in the forms that other tools ask in."""

import os
from typing import NamedTuple

from keybound.cli.console.io import own_context
from keybound.cli.console.output import put_bytes
from keybound.cli.verbs.use.env import say_withheld
from keybound.custody.context.caller import asking_process, who
from keybound.custody.context.context import Context
from keybound.custody.profiles.choose_profile import token_named
from keybound.custody.release.release import Asked, Released, release
from keybound.domain.errors import BadInputError, NotFoundError
from keybound.domain.text.secret import Secret
from keybound.domain.verdict.states import Way

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser


def add_host(parse: "ArgumentParser") -> None:
    """--host."""
    words = "Answer for this host, with its port if any (repeatable)."
    parse.add_argument("--host", action="append", required=True, metavar="HOST", help=words)


def add_username(parse: "ArgumentParser", default: str) -> None:
    """--username."""
    parse.add_argument(
        "--username", default=default, metavar="USER", help=f"The user name to answer with (default: {default})."
    )


class Served(NamedTuple):
    """The secret of one token, None where it is withheld, and the exit status.

    ``renew_at`` and ``ends``: of one that was signed for a short time, in epoch seconds; 0 for any other.
    """

    secret: Secret | None
    status: int
    renew_at: int = 0
    ends: int = 0


def one_secret(text: str, helper: str) -> Served:
    """Release one token to a helper. Raises NotFoundError."""
    context = own_context()
    token = token_named(context, text)
    released = released_to(context, token.profile, frozenset([token.name]), helper)
    status = say_withheld(released)
    secrets = [secret for id_, secret in released.variables.values() if id_ == str(token)]
    if not secrets and not status:
        raise NotFoundError(f"no such token: {token}")
    if not released.minted:
        return Served(secrets[0] if secrets else None, status)
    return Served(secrets[0], status, int(released.minted[0].renew_at), int(released.minted[0].ends))


def released_to(context: Context, profile: str, only: frozenset[str], helper: str) -> Released:
    """Release tokens to whatever asked the helper."""
    by = {**who(helper), "helper": helper}
    by["program"] = _program(asking_process()) or helper
    return release(context, profile, Asked(Way.EXEC, by, only)).tokens_alone()


def _program(pid: int) -> str:
    """A process's program, as the system knows it; "" where it does not tell."""
    try:
        return os.readlink(f"/proc/{pid}/exe")
    except OSError:
        return ""


def put_answer(data: bytes) -> None:
    """Print an answer. Raises BadInputError where there is none."""
    if not data:
        raise BadInputError("there is no credential to return")
    put_bytes(data)
