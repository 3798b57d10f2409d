"""hook: print a shell's hook; hook-step: what it calls when something has changed."""

import os
import sys

from keybound.cli.io import keeper, parser
from keybound.cli.lines import warn
from keybound.custody.config import read_config
from keybound.custody.following import follow

HOOKED = ("bash", "zsh", "fish")


def hook(argv: list[str]) -> int:
    """Print the hook of a shell."""
    parse = parser("hook", 'Print the prompt hook: eval "$(keybound hook bash)", or keybound hook fish | source')
    parse.add_argument("shell", choices=HOOKED)
    shell = parse.parse_args(argv).shell
    keep = keeper()
    home = {
        "XDG_CONFIG_HOME": os.path.dirname(keep.home.config),
        "XDG_DATA_HOME": os.path.dirname(keep.home.data),
        "XDG_STATE_HOME": os.path.dirname(keep.home.state),
    }
    if shell == "fish":
        from keybound.shells.hook_fish import hook as fish_hook

        sys.stdout.write(fish_hook(sys.executable, home, keep.home.state))
    else:
        from keybound.shells.hook_posix import hook as posix_hook

        sys.stdout.write(posix_hook(shell, sys.executable, home, keep.home.state))
    return 0


def step(argv: list[str]) -> int:
    """Print what the shell evaluates; say the difference in one line."""
    shell, folder = argv
    keep = keeper()
    answer, said = follow(keep, shell, folder)
    if shell == "fish":
        from keybound.shells.hook_fish import render as render_fish

        sys.stdout.buffer.write(render_fish(answer))
    else:
        from keybound.shells.hook_posix import render as render_posix

        sys.stdout.buffer.write(render_posix(answer))
    _say(said, read_config(keep.home).say)
    return 0


def _say(said: str, how: str) -> None:
    """``quiet``: nothing. ``normal``: what changed. ``verbose``: also that it looked and nothing did."""
    if how != "quiet" and said:
        warn(said)
    elif how == "verbose":
        warn("looked: nothing changed for this shell")
