"""hook: print a shell's prompt hook."""

import os
import sys

from keybound.cli.console.arguments import parser
from keybound.cli.console.io import own_context
from keybound.cli.console.output import put
from keybound.shells.registry import get_hook, hooked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser


def hook_parser() -> "ArgumentParser":
    """What ``hook`` takes."""
    parse = parser(
        "hook",
        'eval "$(keybound hook bash)"',
        "keybound hook fish | source",
        more="A hooked shell carries the tokens of its profile, and drops a lost one at its next prompt.",
    )
    parse.add_argument("shell", choices=hooked(), help="The shell; evaluate the hook at the end of its rc file.")
    return parse


def hook(argv: list[str]) -> int:
    """Print the hook of a shell."""
    shell = hook_parser().parse_args(argv).shell
    context = own_context()
    home = {
        "XDG_CONFIG_HOME": os.path.dirname(context.home.config),
        "XDG_DATA_HOME": os.path.dirname(context.home.data),
        "XDG_STATE_HOME": os.path.dirname(context.home.state),
    }
    put(get_hook(shell).hook(sys.executable, home, context.home.state))
    return 0
