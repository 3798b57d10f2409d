"""Every call to the system by which a command writes, cut short: killed there, or refused for want of room.

strace makes it happen (``--inject``), so that the steps come from what the code does, not from a list in it.
"""

import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from support.programs_at_hand import needed

WRITING = (
    "write", "pwrite64", "writev", "fsync", "fdatasync", "rename", "link", "unlink", "mkdir", "rmdir", "ftruncate", "fchmod",
    "chmod", "sendto", "sendmsg",
)  # fmt: skip
_CALL = re.compile(rb"^(\d+) +(\w+)\((.*)$", re.MULTILINE)
COMMAND = str(Path(sys.executable).with_name("keybound"))


class Cut(NamedTuple):
    """The nth invocation of a call."""

    call: str
    nth: int


class Act(NamedTuple):
    """A command that writes, what it is given, and what must have been done before."""

    words: tuple[str, ...]
    given: bytes = b""
    before: tuple[tuple[tuple[str, ...], bytes], ...] = ()

    def __str__(self) -> str:
        return " ".join(self.words[:2])


def cuts(act: Act, environ: dict[str, str], cwd: Path) -> list[Cut]:
    """Run it whole, and list the calls by which it wrote. What goes to its standard output or errors is none."""
    trace = cwd / "trace"
    done = _run(["-o", str(trace), "-e", f"trace={','.join(WRITING)}"], act, environ, cwd)
    assert done.returncode == 0, (act, done.stderr)
    seen: Counter[str] = Counter()
    found = []
    first = b""
    for pid, call, rest in _CALL.findall(trace.read_bytes()):
        first = first or pid
        if pid == first:
            name = call.decode()
            seen[name] += 1
            if not (name in ("write", "writev") and rest.startswith((b"1,", b"2,"))):
                found.append(Cut(name, seen[name]))
    trace.unlink()
    return found


def cut_short(act: Act, cut: Cut, how: str, environ: dict[str, str], cwd: Path) -> "subprocess.CompletedProcess[bytes]":
    """Run it until that call; ``how``: "signal=KILL" or "error=ENOSPC"."""
    inject = f"inject={cut.call}:{how}:when={cut.nth}"
    return _run(["-o", "/dev/null", "-e", f"trace={cut.call}", "-e", inject], act, environ, cwd)


def _run(options: Sequence[str], act: Act, environ: dict[str, str], cwd: Path) -> "subprocess.CompletedProcess[bytes]":
    command = [needed("strace"), "-f", "-qq", *options, COMMAND, *act.words]
    return subprocess.run(
        command,
        input=act.given,
        env=environ,
        cwd=cwd,
        capture_output=True,
        timeout=120,
        start_new_session=True,
        check=False,
    )


def restore(home: Path, template: Path) -> None:
    """Make a folder what it was, times too."""
    shutil.rmtree(home)
    shutil.copytree(template, home, symlinks=True)
