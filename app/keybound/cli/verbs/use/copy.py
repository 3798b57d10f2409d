"""copy: a token to the clipboard."""

import os

from keybound.cli.console.arguments import add_token, parser
from keybound.cli.console.io import has_terminal, own_context
from keybound.cli.console.output import say
from keybound.custody.profiles.choose_profile import token_named
from keybound.custody.release.copy_forms import FORMS, SECRET
from keybound.custody.release.copying import copy as copy_token
from keybound.domain.text.secret import Secret, expose_secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser


def copy_parser() -> "ArgumentParser":
    """What ``copy`` takes."""
    parse = parser(
        "copy", "keybound copy staging/github", "keybound copy github --as curl", more="It is never printed."
    )
    add_token(parse)
    parse.add_argument(
        "--as", dest="form", choices=FORMS, default=SECRET, help="What is copied; the secret alone if not given."
    )
    return parse


def copy(argv: list[str]) -> int:
    """Copy a token's secret to the clipboard."""
    options, context = copy_parser().parse_args(argv), own_context()
    token = token_named(context, options.token)
    way = copy_token(context, token, "keybound copy", _to_terminal if has_terminal() else None, options.form)
    say(f"{token} copied with {way}")
    return 0


def _to_terminal(secret: Secret) -> None:
    """By the terminal's own clipboard (OSC 52), which works over SSH."""
    import base64

    with open("/dev/tty", "wb", buffering=0, opener=lambda path, flags: os.open(path, flags | os.O_NOCTTY)) as terminal:
        terminal.write(b"\x1b]52;c;" + base64.b64encode(expose_secret(secret)) + b"\a")
