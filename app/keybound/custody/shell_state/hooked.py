"""Whether this process was started from a hooked shell, and how the person's shell is hooked."""

import os

from keybound.custody.context.caller import parents
from keybound.shells.registry import get_hook, shell_called


def hooked_shell(state: str) -> str:
    """The nearest shell above this process that has the hook's stamps; "" for none."""
    try:
        pids = {name.partition("-")[0] for name in os.listdir(os.path.join(state, "hooks"))}
    except OSError:
        return ""
    above = (one.rpartition(":") for one in parents())
    return next((name for name, _, pid in above if pid in pids), "")


def hook_of(shell: str) -> tuple[str, str]:
    """The line that hooks the shell that is run as ``shell``, and the file it belongs to; "" for both where there is none."""
    name = shell_called(os.path.basename(shell))
    return (get_hook(name).rc_line, get_hook(name).rc_file) if name else ("", "")
