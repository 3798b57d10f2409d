"""hook-step: what a shell's hook calls when something has changed, where no agent has answered it."""

import os

from keybound.cli.console.output import put_bytes, ring, warn
from keybound.custody.context.config import read_config
from keybound.custody.context.context import Context
from keybound.custody.context.paths import current_dir
from keybound.custody.prompt.following import follow
from keybound.domain.errors import BadInputError
from keybound.shells.registry import get_hook
from keybound.shells.step import ONCE, Step


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
    if step.rings and say != "quiet":
        ring()


def step(argv: list[str]) -> int:
    """Print what the shell evaluates; say the difference in one line."""
    shell, folder, *how = argv
    context = Context(os.environ, current_dir())
    done = follow(context, shell, folder)
    if ONCE not in how and context.unseen_alerts():
        from keybound.custody.prompt.alert_line import with_alerts

        done = with_alerts(context, done, folder)
    put_step(shell, *_told(context, done), *how)
    return 0


def _told(context: Context, done: Step) -> tuple[Step, str]:
    """The step and how much is said; a broken config.toml takes nothing from the shell, and is said."""
    try:
        return done, read_config(context.home).say
    except BadInputError as fault:
        words = f"{fault.where}: {fault.what}"
        said = done.said if fault.what in done.said else "; ".join(filter(None, [done.said, words]))
        return Step(done.answer, said, done.how, done.signs, rings=done.rings), "normal"
