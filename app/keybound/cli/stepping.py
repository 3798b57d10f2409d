"""The prompt hook's step: what each hook starts when something has changed.

Where no agent answered: on a proof, with little imported; everything else is ``hook-step`` of the command line.
"""

import gc
import os
import sys

from keybound.cli.agent import client
from keybound.cli.lines import put_bytes, warn
from keybound.custody.quick_follow import quick_follow
from keybound.domain.errors import CannotPrint
from keybound.shells.registry import get_hook
from keybound.shells.step import ONCE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keybound.shells.step import Step


def run() -> None:
    """Print what the shell evaluates, say the difference, and end the process."""
    gc.disable()  # it is over before a collection could pay
    status = _step(*sys.argv[2:])
    if client.missed():
        from keybound.cli.agent.starting import start_for_next_time

        start_for_next_time()
    os._exit(status)  # all is written and closed; taking the interpreter apart would be a tenth of the prompt's wait


def _step(shell: str, folder: str, *how: str) -> int:
    try:
        done = quick_follow(os.environ, os.getcwd(), shell, folder)
    except OSError:
        done = None
    if done is None:
        from keybound.cli.main import run_here

        return run_here(["hook-step", shell, folder, *how])
    try:
        put_step(shell, *done, *how)
    except BrokenPipeError:  # the shell is gone: there is nobody to tell
        return 1
    except CannotPrint as fault:
        warn(str(fault))
        return 1
    return 0


def put_step(shell: str, step: "Step", say: str, *how: str) -> None:
    """Print what the shell evaluates, or reads; then the line for its owner.

    ``say``: quiet: nothing; normal: what changed; verbose: also the profile, and that nothing changed. ``how``: ONCE
    where what is new is no news.
    """
    answer = step.answer
    said = [step.said] if step.said else []
    said += [step.signs] if step.signs and (answer.drop or say == "verbose" or ONCE not in how) else []
    hook = get_hook(shell)
    if hook.text_only:
        from keybound.shells.step_json import text_only

        answer, lost = text_only(answer)
        said += [f"{name} is not text, so {shell} cannot hold it" for name in lost]
    put_bytes(hook.render(answer))
    if say == "verbose":
        said = said or ["nothing changed for this shell"]
        said += [step.how] if step.how else []
    if said and say != "quiet":
        warn("; ".join(said))
