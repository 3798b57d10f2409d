"""The prompt hook's step, where no agent has answered it; and how its outcome is handed to the shell."""

import gc
import os
import sys

from keybound.cli.agent import client
from keybound.cli.lines import put_bytes, warn
from keybound.cli.main import run_here
from keybound.shells.registry import get_hook
from keybound.shells.step import ONCE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keybound.shells.step import Step


def run() -> None:
    """Print what the shell evaluates, say the difference, and end the process."""
    gc.disable()  # it is over before a collection could pay
    status = run_here(sys.argv[1:])
    if client.missed():
        from keybound.cli.agent.starting import start_for_next_time

        start_for_next_time()
    os._exit(status)  # all is written and closed; taking the interpreter apart would be a tenth of the prompt's wait


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
