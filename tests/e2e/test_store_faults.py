"""A keyring that is frozen, killed, missing, mute, prompting or locked: exit 3, a way out, within 5 s, and nothing is lost."""

import json
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from keybound.cli.registry import VERBS
from support.secret_service import Bus, private_bus
from support.staging import CANARY, furnish

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
LIMIT = 5.0  # of one store call
START = 4.0  # of an interpreter on a busy machine
VERBS_TO_TRY: list[tuple[str, ...]] = [
    ("exec", "staging", "--", "touch", "started"),
    ("add", "staging/new", "--env", "NEW"),
    ("remove", "staging/github", "--yes"),
]


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[Bus]:
    with private_bus(tmp_path / "run") as started:
        yield started


@pytest.fixture
def starting_bus(tmp_path: Path) -> Iterator[Bus]:
    """A bus that starts a keyring by itself, as a desktop's does: locked, or without any collection."""
    with private_bus(tmp_path / "run", activation=True) as started:
        yield started


@pytest.fixture
def on_bus(keybound: Run, bus: Bus) -> Run:
    """The installed command with the keyring of this bus."""
    return on(keybound, bus)


def on(keybound: Run, bus: Bus) -> Run:
    meets = {name: bus.environ[name] for name in ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR")}

    def run(*arguments: str, given: bytes = b"", **more: str) -> "subprocess.CompletedProcess[bytes]":
        return keybound(*arguments, given=given, more={**meets, "KEYBOUND_STORE": "keyring", **more})

    return run


def unavailable(run: Run, verb: tuple[str, ...]) -> "subprocess.CompletedProcess[bytes]":
    begun = time.monotonic()
    done = run(*verb, given=b"another secret\n")
    assert time.monotonic() - begun < LIMIT + START, verb
    said = done.stderr.decode()
    assert done.returncode == 3, (verb, said)
    assert said.startswith("keybound: ")
    assert "\n  " in said  # what to do
    assert ("KEYBOUND_STORE=file" in said) is not ("keybound unlock" in said)
    assert "missing" not in said + done.stdout.decode()
    assert CANARY not in done.stdout
    return done


def says_last_known(run: Run) -> None:
    done = unavailable(run, ("list", "--json"))
    row = {"id": "staging/github", "profile": "staging", "name": "github", "state": "active", "stale": True}
    assert json.loads(done.stdout) == [row]


def frozen(bus: Bus, daemon: "subprocess.Popen[bytes]") -> None:
    daemon.send_signal(signal.SIGSTOP)


def locked(bus: Bus, daemon: "subprocess.Popen[bytes]") -> None:
    bus.store("0" * 12).lock()


def killed(bus: Bus, daemon: "subprocess.Popen[bytes]") -> None:
    os.kill(daemon.pid, signal.SIGKILL)
    daemon.wait(timeout=20)


def mute(bus: Bus, daemon: "subprocess.Popen[bytes]") -> None:
    killed(bus, daemon)
    bus.start_impostor("mute")


def revived(bus: Bus, daemon: "subprocess.Popen[bytes]") -> None:
    """What each fault ends with: the keyring as the user has it again."""
    if daemon.poll() is None:
        daemon.send_signal(signal.SIGCONT)
        bus.unlock()
    else:
        bus.end_impostors()
        bus.start_keyring()


@pytest.mark.parametrize("fault", [frozen, locked, killed, mute])
def test_nothing_is_lost_and_nobody_waits(
    on_bus: Run,
    bus: Bus,
    profiles: Path,
    home: Path,
    tmp_path: Path,
    fault: "Callable[[Bus, subprocess.Popen[bytes]], None]",
) -> None:
    daemon = bus.start_keyring()
    furnish(on_bus, profiles, home)
    assert b"active" in on_bus("list").stdout
    items, text = bus.listing(), (profiles / "staging.toml").read_text()
    assert CANARY.decode() in items
    fault(bus, daemon)
    for verb in VERBS_TO_TRY:
        unavailable(on_bus, verb)
    says_last_known(on_bus)
    assert not (tmp_path / "started").exists()
    revived(bus, daemon)
    assert (profiles / "staging.toml").read_text() == text
    assert bus.listing() == items
    assert CANARY in on_bus("env", "staging", "--shell", "bash").stdout
    assert on_bus("log", "--verify").returncode == 0


@pytest.mark.parametrize("kind", ["mute", "prompting", "nobody", "locked", "no bus"])
def test_a_store_that_never_answered_gets_nothing(
    on_bus: Run, bus: Bus, profiles: Path, home: Path, tmp_path: Path, kind: str
) -> None:
    """The first token ever: neither item, nor definition, nor a silent other store."""
    more = {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path}/none"} if kind == "no bus" else {}
    if kind in ("mute", "prompting"):
        bus.start_impostor(kind)
    elif kind == "locked":
        bus.start_keyring()
        bus.store("0" * 12).lock()
    profiles.mkdir(parents=True)
    path = profiles / "staging.toml"
    path.write_text("schema = 1\n")
    done = unavailable(lambda *arguments, given: on_bus(*arguments, given=given, **more), VERBS_TO_TRY[1])
    assert (b"keybound unlock" in done.stderr) is (kind == "locked")
    assert path.read_text() == "schema = 1\n"
    kept = [path.name for path in (home / ".local/share/keybound/store").iterdir()]
    assert kept == ["identity.age"]  # the fixture's own: nothing was put into another store
    if kind == "locked":
        bus.unlock()
        assert "keybound:" not in bus.listing()


def test_a_killed_keyring_that_the_bus_starts_again_is_locked_not_empty(
    keybound: Run, profiles: Path, home: Path, starting_bus: Bus
) -> None:
    run = on(keybound, starting_bus)
    daemon = starting_bus.start_keyring()
    furnish(run, profiles, home)
    assert b"active" in run("list").stdout
    killed(starting_bus, daemon)
    for verb in VERBS_TO_TRY:
        assert b"keybound unlock" in unavailable(run, verb).stderr
    says_last_known(run)


def test_a_keyring_without_any_collection_asks_nobody(keybound: Run, profiles: Path, starting_bus: Bus) -> None:
    profiles.mkdir(parents=True)
    (profiles / "staging.toml").write_text("schema = 1\n")
    done = unavailable(on(keybound, starting_bus), VERBS_TO_TRY[1])
    assert b"keybound unlock" in done.stderr
    assert "keybound:" not in starting_bus.listing()


class Listener:
    """A socket that stands for a session bus, never answers, and counts who came."""

    def __init__(self, path: str) -> None:
        self.address = f"unix:path={path}"
        self.came: list[socket.socket] = []
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(path)
        self._socket.listen()
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        while True:
            try:
                caller, _ = self._socket.accept()
            except OSError:
                return
            self.came.append(caller)

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        for one in (self._socket, *self.came):
            one.close()


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[Listener]:
    started = Listener(str(tmp_path / "bus"))
    yield started
    started.close()


def test_version_help_and_completion_never_touch_the_bus(keybound: Run, profiles: Path, listener: Listener) -> None:
    more = {"DBUS_SESSION_BUS_ADDRESS": listener.address, "KEYBOUND_STORE": "keyring"}
    for arguments in (["--version"], ["--help"], ["help"], *([verb, "--help"] for verb in VERBS)):
        done = keybound(*arguments, more=more)
        assert (done.returncode, done.stderr) == (0, b""), arguments
        assert done.stdout
    profiles.mkdir(parents=True)
    (profiles / "p.toml").write_text("[tokens.a]\nenv = 'A'\n")
    assert keybound("completion", "bash", more=more).returncode == 0
    assert keybound("complete", "--", "show", "p/", more=more).stdout == b"p/a\n"
    assert listener.came == []
    assert keybound("list", more=more).returncode == 3  # who wants the store does come
    assert len(listener.came) == 1
