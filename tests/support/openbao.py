"""A real OpenBao server of a test alone: in development mode, in memory, on loopback."""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from support.programs_at_hand import needed

ROOT_TOKEN = "root-of-a-test"
_STARTING = 30.0  # seconds


class OpenBao:
    """A server that answers at ``address``. ``environ``: what ``bao`` needs to meet it as its root."""

    def __init__(self, folder: Path) -> None:
        self._program = needed("bao")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        port = _free_port()
        self.address = f"http://127.0.0.1:{port}"
        self.environ = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "BAO_ADDR": self.address,
            "BAO_TOKEN": ROOT_TOKEN,
        }
        command = [self._program, "server", "-dev", "-dev-no-store-token", f"-dev-root-token-id={ROOT_TOKEN}"]
        self._child = subprocess.Popen(
            [*command, f"-dev-listen-address=127.0.0.1:{port}"],
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            self._wait()
        except BaseException:
            self.close()
            raise

    def _wait(self) -> None:
        end = time.monotonic() + _STARTING
        while self.run("status").returncode:
            assert self._child.poll() is None, "the OpenBao server ended"
            assert time.monotonic() < end, "the OpenBao server does not answer"
            time.sleep(0.1)

    def run(self, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        """What ``bao`` does with these arguments; ``variables`` go before those of its root."""
        return subprocess.run(
            [self._program, *arguments],
            env={**self.environ, **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    def do(self, *arguments: str, **variables: str) -> str:
        """The output of a ``bao`` that must succeed."""
        done = self.run(*arguments, **variables)
        assert done.returncode == 0, (arguments, done.stdout, done.stderr)
        return done.stdout

    def ask(self, *arguments: str, **variables: str) -> Any:
        """The same in JSON, read."""
        return json.loads(self.do(*arguments, BAO_FORMAT="json", **variables))

    def new_token(self, *options: str) -> str:
        """A token made by its root: ``-policy=…``, ``-ttl=…``."""
        return str(self.ask("token", "create", *options)["auth"]["client_token"])

    def close(self) -> None:
        """End it."""
        if self._child.poll() is None:
            os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def openbao(folder: Path) -> Iterator[OpenBao]:
    """A server that ends with the block."""
    server = OpenBao(folder)
    try:
        yield server
    finally:
        server.close()
