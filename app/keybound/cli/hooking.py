"""hook: print a shell's hook; hook-step: what it calls when something has changed."""

import os
import sys

from keybound.cli.io import keeper, parser
from keybound.cli.lines import warn
from keybound.custody.config import read_config
from keybound.custody.following import follow
from keybound.custody.keeper import Keeper
from keybound.domain.errors import BadInput
from keybound.shells.base import HOOKED, TEXT_ONLY, get_hook


def hook(argv: list[str]) -> int:
    """Print the hook of a shell."""
    parse = parser("hook", 'Print the prompt hook: eval "$(keybound hook bash)", or keybound hook fish | source')
    parse.add_argument("shell", choices=list(HOOKED))
    shell = parse.parse_args(argv).shell
    keep = keeper()
    home = {
        "XDG_CONFIG_HOME": os.path.dirname(keep.home.config),
        "XDG_DATA_HOME": os.path.dirname(keep.home.data),
        "XDG_STATE_HOME": os.path.dirname(keep.home.state),
    }
    sys.stdout.write(get_hook(shell).hook(sys.executable, home, keep.home.state))
    return 0


def step(argv: list[str]) -> int:
    """Print what the shell evaluates; say the difference in one line."""
    shell, folder = argv
    keep = keeper()
    done = follow(keep, shell, folder)
    answer, said = done.answer, [done.said] if done.said else []
    if shell in TEXT_ONLY:
        from keybound.shells.step_json import text_only

        answer, lost = text_only(answer)
        said += [f"{name} is not text, which {shell} cannot hold" for name in lost]
    sys.stdout.buffer.write(get_hook(shell).render(answer))
    sys.stdout.buffer.flush()
    _say("; ".join(said), done.how, _how_much(keep))
    keep.close()
    return 0


def _how_much(keep: Keeper) -> str:
    try:
        return read_config(keep.home).say
    except BadInput:  # said already: it names no profile either
        return "normal"


def _say(said: str, how: str, much: str) -> None:
    """``quiet``: nothing. ``normal``: what changed. ``verbose``: also the profile, and that nothing changed."""
    if much == "verbose":
        said = "; ".join([said or "nothing changed for this shell", *([how] if how else [])])
    if much != "quiet" and said:
        warn(said)
