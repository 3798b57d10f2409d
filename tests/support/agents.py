"""What an agent is asked, and where it listens."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from keybound.cli.client import client

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
