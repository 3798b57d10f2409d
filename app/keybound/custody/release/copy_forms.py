"""The forms in which a token is copied: what is pasted where."""

import os
import shlex
from collections.abc import Mapping

from keybound.domain.errors import BadInputError
from keybound.domain.text.secret import Secret, expose_secret
from keybound.domain.values.names import TokenId

SECRET, ID = "secret", "id"
FORMS = {
    SECRET: "the secret alone",
    "export": "a line that exports its variables in your shell",
    "curl": "a header for curl: -H 'Authorization: Bearer …'",
    "json": "an object of its variables",
    "dotenv": "lines of a .env file",
    ID: "its name, PROFILE/NAME; no secret leaves",
}


def in_form(form: str, token: TokenId, variables: Mapping[str, Secret], environ: Mapping[str, str]) -> Secret:
    """What is copied; ``variables`` are those that the token was released as.

    Raises BadInputError for a form that is not known, or a secret that it cannot hold.
    """
    from keybound.shells.registry import get_shell, shell_called

    values = {name: expose_secret(secret) for name, secret in variables.items()}
    if form == ID:
        return Secret(str(token))
    if form not in FORMS:
        raise BadInputError(f"{form!r} is not a form to copy in", hint=f"Known: {', '.join(FORMS)}.")
    if form == SECRET:
        return next(iter(variables.values()))
    if form == "curl":
        return Secret(_header(token, next(iter(values.values()))))
    shell = shell_called(os.path.basename(environ.get("SHELL", ""))) or "bash"
    return Secret(get_shell(shell if form == "export" else form).export(values))


def _header(token: TokenId, value: bytes) -> str:
    try:
        text = value.decode("ascii")
    except UnicodeDecodeError:
        raise BadInputError(f"{token} is not ASCII, so a header cannot hold it") from None
    if not text.isprintable():
        raise BadInputError(f"{token} has line ends or control characters, so a header cannot hold it")
    return "-H " + shlex.quote(f"Authorization: Bearer {text}")
