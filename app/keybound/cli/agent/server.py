"""The agent itself: it listens, and has a worker ready that answers one caller and ends."""

import ctypes
import gc
import os
import resource
import select
import signal
import socket
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

from keybound.cli.agent import places, worker
from keybound.cli.agent.rehearsal import Rehearsal
from keybound.cli.client import client
from keybound.stores.private_dir import make_private_dir

IDLE = 30 * 60  # seconds without a caller
_LOOK = 60  # seconds between looks at whether it should still be there
_MOST_WORKERS = 8
_READY = 2  # workers that wait: two panes may draw their prompts at once
_BACKLOG = 64
_STALE = 3  # a worker's exit status: the code on disk is not the code that runs
_DUMPABLE, _DEATH_SIGNAL = 4, 1  # prctl(2)
_PRELOADED = (  # what a release loads at need, besides all readers, rules and forms of shells
    "encodings.ascii",
    "shutil",
    "textwrap",
    "pyrage",
    "re2",
    "keybound.cli.console.parsing",
    "keybound.cli.verbs.use.exec",
    "keybound.cli.verbs.use.env",
    "keybound.cli.verbs.shells.hook_step",
    "keybound.cli.verbs.use.shim",
    "keybound.cli.verbs.use.aws_credential",
    "keybound.cli.verbs.use.docker_credential",
    "keybound.cli.verbs.use.git_credential",
    "keybound.cli.console.calling_shell",
    "keybound.custody.context.config",
    "keybound.custody.prompt.following",
    "keybound.custody.tokens.refresh_command",
    "keybound.custody.profiles.rules_of_use",
    "keybound.stores.age.age_file",
    "keybound.stores.keyring.secret_service",
    "keybound.stores.journal.journal",
    "keybound.stores.state",
)
_WHOLE = ("domain", "sources", "shells")


class Agent:
    """Listens at ``path`` for as long as it is wanted there."""

    def __init__(self, path: str, rehearsal: Rehearsal) -> None:
        self._path = path
        self._rehearsal = rehearsal
        self._code = places.code_stamps()
        self._workers: dict[int, bool] = {}  # pid → whether it waits for a caller
        self._told, self._tell = os.pipe()
        self._used = time.monotonic()
        self._end = False
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)

    def run(self) -> None:
        """Listen until there is no need: nobody asked for long, another code or home, a signal, the end of the session."""
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, self._stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        woken, wake = os.pipe()
        os.set_blocking(wake, False)
        os.set_blocking(woken, False)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        folder, name = os.path.split(self._path)
        os.chdir(folder)  # a socket's path may have 107 bytes only
        self._listener.bind(name)
        os.chdir("/")
        self._listener.listen(_BACKLOG)
        bound = places.identity(self._path)
        gc.collect()
        gc.freeze()  # a worker shares these pages for as long as it does not write to them
        try:
            while not self._end and places.identity(self._path) == bound and not self._outlived():
                self._have_some_ready()
                ready, _, _ = select.select([self._told, woken], [], [], _LOOK)
                if woken in ready:
                    os.read(woken, 4096)
                    self._reap()
                if self._told in ready:
                    self._note(os.read(self._told, 4096))
        finally:
            if places.identity(self._path) == bound:
                os.unlink(self._path)
            for pid in self._workers:
                os.kill(pid, signal.SIGKILL)
            for pid in self._workers:  # none may write on into the rehearsal's folder, which goes next
                os.waitpid(pid, 0)

    def _stop(self, *_: object) -> None:
        self._end = True

    def _outlived(self) -> bool:
        return time.monotonic() - self._used > IDLE or places.code_stamps() != self._code

    def _have_some_ready(self) -> None:
        """Have one at once, and more once nobody waits for an answer: making one takes as long as answering."""
        waiting = sum(self._workers.values())
        busy = len(self._workers) - waiting
        while waiting < (1 if busy else _READY) and len(self._workers) < _MOST_WORKERS:
            pid = os.fork()
            if pid == 0:
                self._work()
            self._workers[pid] = True
            waiting += 1

    def _work(self) -> None:
        status = 1
        try:
            _prctl(_DEATH_SIGNAL, signal.SIGKILL)
            signal.set_wakeup_fd(-1)
            for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGCHLD):
                signal.signal(number, signal.SIG_DFL)
            if not select.select([self._listener], [], [], 0)[0]:  # else somebody waits already
                worker.rehearse(self._rehearsal)
            connection, _ = self._listener.accept()
            os.write(self._tell, os.getpid().to_bytes(4, "big"))
            if places.code_stamps() != self._code:
                status = _STALE
                connection.close()
            else:
                worker.answer(connection)
                status = 0
        finally:
            os._exit(status)

    def _note(self, told: bytes) -> None:
        """These workers have a caller."""
        self._used = time.monotonic()
        for at in range(0, len(told), 4):
            pid = int.from_bytes(told[at : at + 4], "big")
            if pid in self._workers:
                self._workers[pid] = False

    def _reap(self) -> None:
        while self._workers:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            self._workers.pop(pid, None)
            if os.waitstatus_to_exitcode(status) == _STALE:
                self._end = True


def _modules() -> Iterator[str]:
    for room in _WHOLE:
        package = import_module(f"keybound.{room}")
        yield from (one.name for one in walk_packages(package.__path__, f"keybound.{room}."))


def _prctl(option: int, value: int) -> None:
    ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


def serve() -> int:
    """Be the agent of this home. Returns the exit status; where there is one already, at once."""
    path = os.fsdecode(client.socket_path(dict(os.environb)))
    folder = os.path.dirname(path)
    if not path:
        return 1
    make_private_dir(folder)
    lock = places.own_lock(os.path.join(folder, "lock"))
    if lock is None:
        return 0
    _prctl(_DUMPABLE, 0)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.umask(0o077)
    os.chdir("/")
    for name in (*_PRELOADED, *_modules()):
        import_module(name)
    places.forget_stale(path)
    with Rehearsal(os.path.join(folder, "rehearsal")) as rehearsal:
        Agent(path, rehearsal).run()
    return 0


if __name__ == "__main__":
    sys.exit(serve())
