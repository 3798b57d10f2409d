"""Run verbs in forked children of one interpreter that has loaded them: thousands in a minute.

As a program it reads a JSON request a line and answers each with a line; ``Verbs`` is its client.
"""

import json
import os
import select
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

SECONDS = 20.0  # the longest that one verb may take


class Done(NamedTuple):
    """How a verb ended; ``status`` None: it did not, and was killed."""

    status: int | None
    out: str
    err: str


class Verbs:
    """The server, for one environment."""

    def __init__(
        self, environ: dict[str, str], folder: Path, warm: list[list[str]], settings: Mapping[str, float] | None = None
    ) -> None:
        """``settings``: other values of modules, as ``module:NAME``."""
        path = {"PYTHONPATH": str(Path(__file__).parents[1])}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "support.verb_server"], env={**environ, **path}, cwd=folder,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        self._ask({"warm": warm, "settings": dict(settings or {})})

    def __call__(self, *argv: str, given: str = "") -> Done:
        """Run ``keybound argv``; ``given`` is its standard input."""
        (answer,) = self._ask({"calls": [list(argv)], "given": given})
        return _done(answer)

    def unsynced(self, nth: int, error: int, *argv: str, given: str = "") -> Done:
        """Run ``keybound argv`` where the ``nth`` sync of a file fails with ``error``, and every one after it."""
        (answer,) = self._ask({"calls": [list(argv)], "given": given, "unsynced": [nth, error]})
        return _done(answer)

    def all_of(self, calls: Sequence[Sequence[str]]) -> list[Done]:
        """Run several, one after the other."""
        return [_done(one) for one in self._ask({"calls": calls, "given": ""})]

    def close(self) -> None:
        """End the server."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=20)
        self._process.stdout.close()

    def _ask(self, request: object) -> list[list[Any]]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        self._process.stdin.flush()
        answer: list[list[Any]] = json.loads(self._process.stdout.readline())
        return answer


def _done(answer: list[Any]) -> Done:
    return Done(answer[0], answer[1], answer[2])


def _run(argv: list[str], given: str, tell_modules: int | None = None) -> tuple[int | None, str, str]:
    with tempfile.TemporaryFile() as into, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        into.write(given.encode())
        into.seek(0)
        pid = os.fork()
        if pid == 0:
            _become(argv, into.fileno(), out.fileno(), err.fileno(), tell_modules)
        status = _ended(pid)
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode(errors="backslashreplace"))
    return status, texts[0], texts[1]


def _become(argv: list[str], into: int, out: int, err: int, tell_modules: int | None) -> None:
    status = 70
    try:
        for source, target in ((into, 0), (out, 1), (err, 2)):
            os.dup2(source, target)
        from keybound.cli.main import main

        status = main(argv)
        sys.stdout.flush()
        if tell_modules is not None:
            os.write(tell_modules, json.dumps([name for name in sys.modules if name != "__main__"]).encode())
    except SystemExit as left:
        status = left.code if isinstance(left.code, int) else 1
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def _ended(pid: int) -> int | None:
    descriptor = os.pidfd_open(pid)
    ready, _, _ = select.select([descriptor], [], [], SECONDS)
    os.close(descriptor)
    if not ready:
        os.kill(pid, 9)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status) if ready else None


def _warm(calls: list[list[str]]) -> None:
    """Load what the verbs load."""
    import importlib

    for argv in calls:
        with tempfile.TemporaryFile() as told:
            _run(argv, "", told.fileno())
            told.seek(0)
            names = json.loads(told.read() or b"[]")
        for name in names:
            try:
                importlib.import_module(name)
            except ImportError:
                pass


def _settle(settings: Mapping[str, float]) -> None:
    import importlib

    for place, value in settings.items():
        module, _, name = place.partition(":")
        setattr(importlib.import_module(module), name, value)


class _Syncs:
    """Instead of ``os.fsync``; fails from the ``nth`` on, 0: never."""

    def __init__(self, nth: int, error: int) -> None:
        self._nth, self._error = nth, error
        self._count = 0

    def __call__(self, fd: int) -> None:
        self._count += 1
        if self._nth and self._count >= self._nth:
            raise OSError(self._error, os.strerror(self._error))


def serve() -> None:
    """Answer requests until there are none. Nothing is synced to the disk: no power goes here."""
    for line in sys.stdin:
        request = json.loads(line)
        if "warm" in request:
            _warm(request["warm"])
            _settle(request["settings"])
            answer: list[object] = []
        else:
            os.fsync = _Syncs(*request.get("unsynced", (0, 0)))  # type: ignore[assignment]
            answer = [_run(argv, request["given"]) for argv in request["calls"]]
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
