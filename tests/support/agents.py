"""What an agent is asked, and where it listens; a home that has one."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from keybound.cli.client import client
from support.staging import COMMAND, Run

_FOLDER = str(Path(client.__file__).parent)
ASK = (
    f"import sys; sys.path.insert(0, {_FOLDER!r}); import client; client.PATIENCE = 20; print(client.ask(sys.argv[1:]))"
)


def asked(words: list[str], environ: Mapping[str, str], cwd: str) -> str:
    """The answer to an isolated client without site-packages, as Python writes it."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", ASK, *words],
        env=environ, cwd=cwd, capture_output=True, text=True, check=True, timeout=20,
    )  # fmt: skip
    return done.stdout.strip()


def socket_of(environ: Mapping[str, str]) -> Path:
    """Where the agent of this environment listens."""
    return Path(os.fsdecode(client.socket_path({os.fsencode(k): os.fsencode(v) for k, v in environ.items()})))


def begun(code: str, environ: Mapping[str, str], *words: str) -> "subprocess.Popen[bytes]":
    """An agent that this Python code starts, once it listens."""
    agent = subprocess.Popen([sys.executable, "-I", "-c", code, *words], env=environ)
    while not socket_of(environ).exists():
        time.sleep(0.05)
    return agent


@contextmanager
def with_agents(environ: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The environment with agents, in a runtime folder of its own; an agent there is stopped at the end."""
    folder = tempfile.mkdtemp(prefix="kb-")  # a socket's path may not be long
    made = {name: value for name, value in environ.items() if name != "KEYBOUND_AGENT"} | {"XDG_RUNTIME_DIR": folder}
    yield made
    subprocess.run([COMMAND, "agent", "stop"], env=made, check=False, capture_output=True)
    shutil.rmtree(folder, ignore_errors=True)


def runner(environ: Mapping[str, str], cwd: Path) -> Run:
    """How the installed command is run there, without a terminal."""

    def run(
        *arguments: str, given: bytes = b"", more: Mapping[str, str] | None = None
    ) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(
            [COMMAND, *arguments], input=given, capture_output=True, check=False, timeout=60,
            env={**environ, **(more or {})}, cwd=cwd, start_new_session=True,
        )  # fmt: skip

    return run


def started(run: Run) -> int:
    """Start an agent; return its process id."""
    done = run("agent", "start")
    assert done.returncode == 0, done.stderr
    return int(done.stdout.split()[-1].strip(b").\n"))


def comes(what: Callable[[], object], seconds: float = 20) -> bool:
    """Whether it becomes true in time."""
    until = time.monotonic() + seconds
    while not what():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True
