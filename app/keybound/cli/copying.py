"""copy: a token to the clipboard."""

import os

from keybound.cli.io import has_terminal, keeper, parser
from keybound.cli.lines import say
from keybound.custody.copying import copy as copy_token
from keybound.domain.names import parse_token_id
from keybound.domain.secret import Secret, unwrap


def copy(argv: list[str]) -> int:
    """Copy a token's secret to the clipboard."""
    parse = parser("copy", "Copy a token's secret to the clipboard; it is never printed.")
    parse.add_argument("token", metavar="PROFILE/NAME")
    token = parse_token_id(parse.parse_args(argv).token)
    way = copy_token(keeper(), token, "keybound copy", _to_terminal if has_terminal() else None)
    say(f"{token} copied with {way}")
    return 0


def _to_terminal(secret: Secret) -> None:
    """By the terminal's own clipboard (OSC 52), which works over SSH."""
    import base64

    with open("/dev/tty", "wb", buffering=0, opener=lambda path, flags: os.open(path, flags | os.O_NOCTTY)) as terminal:
        terminal.write(b"\x1b]52;c;" + base64.b64encode(unwrap(secret)) + b"\a")
