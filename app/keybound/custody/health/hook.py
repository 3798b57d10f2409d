"""Whether the shell that this was called from is hooked."""

import os

from keybound.custody.context.context import Context
from keybound.custody.health.finding import Finding, ok, warn
from keybound.custody.shell_state.hooked import hook_of, hooked_shell


def hook(context: Context) -> list[Finding]:
    """By the stamps of the hook, then by what the shell reads at its start."""
    if shell := hooked_shell(context.home.state):
        return [ok(f"this shell ({shell}) is hooked")]
    line, file = hook_of(context.environ.get("SHELL", ""))
    if not line:
        return [ok("this shell has no hook: use keybound exec PROFILE -- COMMAND")]
    if line in _text(os.path.join(context.home.user, file.removeprefix("~/"))):
        return [warn(f"this shell is not hooked, though {file} says so: it was started before, or did not read it",
                     "Start a new shell.")]  # fmt: skip
    return [warn("this shell is not hooked: it gets and drops no variables by itself", f"Add to {file}: {line}")]


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(1 << 20)
    except OSError:
        return ""
