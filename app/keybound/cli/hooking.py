"""hook: print a shell's hook; hook-step: what it calls when something has changed."""

import os
import sys

from keybound.cli.arguments import parser
from keybound.cli.io import keeper
from keybound.cli.lines import put
from keybound.cli.stepping import put_step
from keybound.custody.context.config import read_config
from keybound.custody.context.keeper import Keeper
from keybound.custody.context.paths import standing
from keybound.custody.prompt.following import follow
from keybound.domain.errors import BadInput
from keybound.shells.registry import get_hook, hooked
from keybound.shells.step import Step

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
    keep = keeper()
    home = {
        "XDG_CONFIG_HOME": os.path.dirname(keep.home.config),
        "XDG_DATA_HOME": os.path.dirname(keep.home.data),
        "XDG_STATE_HOME": os.path.dirname(keep.home.state),
    }
    put(get_hook(shell).hook(sys.executable, home, keep.home.state))
    return 0


def step(argv: list[str]) -> int:
    """Print what the shell evaluates; say the difference in one line."""
    shell, folder, *how = argv
    keep = Keeper(os.environ, standing())
    done = follow(keep, shell, folder)
    put_step(shell, *_told(keep, done), *how)
    return 0


def _told(keep: Keeper, done: Step) -> tuple[Step, str]:
    """The step and how much is said; a broken config.toml takes nothing from the shell, and is said."""
    try:
        return done, read_config(keep.home).say
    except BadInput as fault:
        words = f"{fault.where}: {fault.what}"
        said = done.said if fault.what in done.said else "; ".join(filter(None, [done.said, words]))
        return Step(done.answer, said, done.how, done.signs), "normal"
