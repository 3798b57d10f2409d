"""Whether the journal is whole where the next event follows."""

import os

from keybound.custody.context.context import Context
from keybound.custody.health.finding import Finding, fail, ok, warn
from keybound.custody.health.home import is_read_only
from keybound.stores.journal.journal import Journal
from keybound.stores.journal.verify import verify_newest

_MOST = 2 << 20  # bytes that are looked at: all of it is `log --verify`'s


def journal(context: Context) -> list[Finding]:
    """The end of its newest file. Raises UnavailableError where it cannot be read."""
    folder = os.path.join(context.home.state, "journal")
    found = Journal(folder)
    names = found.files()
    if not names:
        return [ok("nothing was journaled yet")]
    path = os.path.join(folder, names[-1])
    if not os.access(path, os.W_OK) and not is_read_only(folder):
        return [fail(f"{path} cannot be written, so nothing is released", f"Run: chmod u+w {path}")]
    if unfinished := found.unfinished():
        return [
            warn(
                f"{path}: the last line is unfinished ({unfinished} bytes): a process was killed while it wrote",
                "Cut it off: keybound doctor --fix",
                lambda: f"{found.mend(context.clock())} bytes of an unfinished line cut off",
            )
        ]
    if faults := verify_newest(folder, names[-1], _MOST):
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        return [fail(f"{os.path.join(folder, faults[0])}{more}", "Look at all of it: keybound log --verify")]
    return [ok("its newest events are whole (all of them: keybound log --verify)")]
