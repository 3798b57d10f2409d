"""The agent itself: it listens, has a worker ready that answers one caller and ends, and watches the home meanwhile."""

import gc
import math
import os
import resource
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from pkgutil import walk_packages

from keybound.cli.agent import forking, places, worker
from keybound.cli.agent.rehearsal import Rehearsal
from keybound.cli.agent.watching import Watching
from keybound.cli.client import client
from keybound.custody.context.home import find_home
from keybound.custody.shell_state.markers import any_shell
from keybound.domain.errors import KeyboundError
from keybound.stores.private_dir import make_private_dir

AGAIN = 75  # exit status: another one should start; a service manager then starts it
IDLE = 30 * 60  # seconds without a caller, and without a hooked shell
_LOOK = 60  # seconds between looks at whether it should still be there
_MOST_WORKERS = 8
_READY = 2  # workers that wait: two panes may draw their prompts at once
_BACKLOG = 64
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
    "keybound.cli.verbs.use.kube_credential",
    "keybound.cli.console.calling_shell",
    "keybound.cli.agent.evaluator",
    "keybound.custody.alerts.delivery",
    "keybound.custody.context.config",
    "keybound.custody.evaluation.state_alerts",
    "keybound.custody.prompt.alert_line",
    "keybound.custody.prompt.following",
    "keybound.custody.rotation.renew",
    "keybound.custody.profiles.rules_of_use",
    "keybound.stores.age.age_file",
    "keybound.stores.keyring.secret_service",
    "keybound.stores.journal.journal",
    "keybound.stores.state",
)
_WHOLE = ("domain", "sources", "shells")


class Agent:
    """Listens at ``path`` for as long as it is wanted there."""

    def __init__(self, path: str, state: str, rehearsal: Rehearsal, idle: float) -> None:
        self._path = path
        self._state = state
        self._idle = idle
        self._rehearsal = rehearsal
        self._stamps = places.own_stamps(state)
        self._watching = Watching(state, self._stamps)
        self._workers: dict[int, bool] = {}  # pid → whether it waits for a caller
        self._told, self._tell = os.pipe()
        self._used = self._looked = time.monotonic()
        self._end = False
        self._status = 0
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)

    def run(self) -> int:
        """Listen until there is no need: nobody is there for long, another code or home, a signal, the end of the session.

        Returns the exit status.
        """
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
            while places.identity(self._path) == bound and not self._outlived() and not self._end:
                self._have_some_ready()
                wait = min(_LOOK, self._watching.seconds())
                ready, _, _ = select.select([self._told, woken, *self._watching.descriptors()], [], [], wait)
                if woken in ready:
                    os.read(woken, 4096)
                    self._reap()
                if self._told in ready:
                    self._note(os.read(self._told, 4096))
                if self._watching.tend(ready):
                    self._give_way()
        finally:
            if places.identity(self._path) == bound:
                os.unlink(self._path)
            for pid in self._workers:
                os.kill(pid, signal.SIGKILL)
            for pid in self._workers:  # none may write on into the rehearsal's folder, which goes next
                os.waitpid(pid, 0)
        return self._status

    def _stop(self, *_: object) -> None:
        self._end = True

    def _give_way(self) -> None:
        """The store was locked, or code or home are others: so should the agent be."""
        self._end, self._status = True, AGAIN

    def _outlived(self) -> bool:
        """Whether nobody is there any more, or code or home are others; looked at once a minute."""
        now = time.monotonic()
        if now - self._looked < _LOOK:
            return False
        self._looked = now
        if places.own_stamps(self._state) != self._stamps:
            self._give_way()
        return now - self._used > self._idle and not any_shell(os.path.join(self._state, "hooks"))

    def _have_some_ready(self) -> None:
        """Have one at once, and more once nobody waits for an answer: making one takes as long as answering."""
        waiting = sum(self._workers.values())
        busy = len(self._workers) - waiting
        while waiting < (1 if busy else _READY) and len(self._workers) < _MOST_WORKERS:
            self._workers[forking.child(self._work)] = True
            waiting += 1

    def _work(self) -> int:
        forking.prctl(forking.DEATH_SIGNAL, signal.SIGKILL)
        if not select.select([self._listener], [], [], 0)[0]:  # else somebody waits already
            worker.rehearse(self._rehearsal)
        connection, _ = self._listener.accept()
        os.write(self._tell, os.getpid().to_bytes(4, "big"))
        if places.own_stamps(self._state) != self._stamps:
            connection.close()
            return forking.STALE
        worker.answer(connection)
        return 0

    def _note(self, told: bytes) -> None:
        """These workers have a caller."""
        self._used = time.monotonic()
        for at in range(0, len(told), 4):
            pid = int.from_bytes(told[at : at + 4], "big")
            if pid in self._workers:
                self._workers[pid] = False

    def _reap(self) -> None:
        """A child has ended: a worker, or one that looked."""
        with suppress(ChildProcessError):
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if pid == 0:
                    return
                self._workers.pop(pid, None)
                if os.waitstatus_to_exitcode(status) == forking.STALE:
                    self._give_way()


def _modules() -> Iterator[str]:
    for room in _WHOLE:
        package = import_module(f"keybound.{room}")
        yield from (one.name for one in walk_packages(package.__path__, f"keybound.{room}."))


def serve(take: Callable[[str], int | None] = places.own_lock, idle: float | None = None) -> int:
    """Be the agent of this home. Returns the exit status; where there is one already, at once.

    ``take``: how the lock is had that one agent holds; ``idle``: seconds without a caller, None for IDLE.
    """
    path = os.fsdecode(client.socket_path(dict(os.environb)))
    folder = os.path.dirname(path)
    try:
        state = find_home(os.environ).state
    except KeyboundError:
        return 1
    if not path:
        return 1
    make_private_dir(folder)
    before = places.code_stamps()
    lock = take(os.path.join(folder, "lock"))
    if lock is None:
        return 0
    if places.code_stamps() != before:
        return AGAIN
    forking.prctl(forking.DUMPABLE, 0)
    forking.prctl(forking.NAME, b"keybound-agent")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.umask(0o077)
    os.chdir("/")
    for name in (*_PRELOADED, *_modules()):
        import_module(name)
    places.forget_stale(path)
    with Rehearsal(os.path.join(folder, "rehearsal")) as rehearsal:
        return Agent(path, state, rehearsal, IDLE if idle is None else idle).run()


def serve_always() -> int:
    """Be it for a service manager: wait for one that was started otherwise to end, and stay without a caller too."""
    return serve(places.awaited_lock, math.inf)


if __name__ == "__main__":
    sys.exit(serve_always() if sys.argv[1:] == ["--service"] else serve())
