"""Run many command lines in one process: each in a fork of it, so that none pays for Python's start.

As a program it reads requests, one JSON object a line, and answers each with one; it has no terminal.
"""

import json
import os
import pkgutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

NOON = datetime(2026, 5, 20, 12, tzinfo=UTC)  # what the clock shows


class Printed(NamedTuple):
    """What a command left."""

    out: str
    err: str
    status: int


class Replay:
    """The process that forks."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            ["sh", "-c", '"$0" "$1"; exit', sys.executable, __file__],  # whoever runs the tests, sh is the shell that calls
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environ, text=True,
            start_new_session=True,  # no controlling terminal: nothing may ask
        )  # fmt: skip

    def run(
        self, words: Sequence[str], environ: Mapping[str, str], folder: Path, given: bytes = b"", days: float = 0
    ) -> Printed:
        """Run ``keybound`` with these words; its clock shows noon of a day that is ``days`` after the first."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        asked = {"words": words, "environ": environ, "folder": str(folder), "given": given.decode(), "days": days}
        print(json.dumps(asked), file=self._process.stdin, flush=True)
        return Printed(*json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        """End it."""
        self._process.communicate(timeout=10)


def serve() -> None:
    """Answer requests until there are no more."""
    import keybound
    from keybound.domain.guard import guard

    guard.SETTLE_NS = 0  # no file changes while a command runs, so none has to rest
    for found in pkgutil.walk_packages(keybound.__path__, "keybound."):
        if not found.name.startswith(("keybound.tui", "keybound.cli.verbs.start.application", "keybound.cli.__main__")):
            import_module(found.name)  # once for all forks
    for line in sys.stdin:
        print(json.dumps(_answer(json.loads(line))), flush=True)


def _answer(asked: Mapping[str, object]) -> Printed:
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        given.write(str(asked["given"]).encode())
        given.seek(0)
        pid = os.fork()
        if pid == 0:
            _become(asked, given.fileno(), out.fileno(), err.fileno())
        _, status = os.waitpid(pid, 0)
        for file in (out, err):
            file.seek(0)
        return Printed(out.read().decode(), err.read().decode(), os.waitstatus_to_exitcode(status))


def _become(asked: Mapping[str, object], *descriptors: int) -> None:
    """In the fork: the command, from its streams to its exit status."""
    status = 70
    try:
        for number, descriptor in enumerate(descriptors):
            os.dup2(descriptor, number)
        sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115
        environ, words = asked["environ"], asked["words"]
        assert isinstance(environ, dict)
        assert isinstance(words, list)
        os.environ.clear()
        os.environ.update(environ)
        os.chdir(str(asked["folder"]))
        status = _run(words, float(str(asked["days"])))
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _run(words: list[str], days: float) -> int:
    from keybound.cli.main import main
    from keybound.custody.context.context import Context

    Context.clock = lambda context: NOON + timedelta(days=days)  # type: ignore[assignment, method-assign]
    sys.argv = ["keybound", *words]
    try:
        return main(words)
    except SystemExit as end:  # argparse ends so after --help
        return int(end.code or 0)


if __name__ == "__main__":
    serve()
