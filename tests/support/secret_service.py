"""A private session bus with a real gnome-keyring on it, or with nothing, or with a service that misbehaves."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from jeepney import DBusAddress, new_method_call

from keybound.stores.bounded import Deadline
from keybound.stores.keyring.secret_bus import BUS_NAME, COLLECTION_PATH, SERVICE, Conversation
from keybound.stores.keyring.secret_service import SecretServiceStore
from support.programs_at_hand import needed

NEEDED = ("dbus-daemon", "gnome-keyring-daemon", "secret-tool")
PASSWORD = b"keyring password"
_BUS = """<busconfig>
  <type>session</type><listen>unix:path={socket}</listen><auth>EXTERNAL</auth>{activation}
  <policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>"""
_INTERNAL = DBusAddress(
    "/org/freedesktop/secrets", BUS_NAME, "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface"
)
_ACTIVATION = "<standard_session_servicedirs/>"
# Owns the name. Mute: answers nothing. Prompting: open and empty, but to store or to read it wants to ask somebody.
_IMPOSTOR = """
import sys
from jeepney import Message, MessageType, HeaderFields, message_bus, new_method_return, new_error
from jeepney.io.blocking import open_dbus_connection

bus = open_dbus_connection("SESSION")
bus.send_and_get_reply(message_bus.RequestName("org.freedesktop.secrets"))
print("ready", flush=True)
ANSWERS = {
    "Get": ("v", (("b", False),)),
    "SearchItems": ("ao", ([],)),
    "CreateItem": ("oo", ("/", "/org/freedesktop/secrets/prompt/p1")),
    "Unlock": ("aoo", ([], "/org/freedesktop/secrets/prompt/p1")),
}
while True:
    call = bus.receive()
    if call.header.message_type is not MessageType.method_call or sys.argv[1] == "mute":
        continue
    member = call.header.fields[HeaderFields.member]
    if member == "OpenSession":
        plain = call.body[0] == "plain"
        answer = new_method_return(call, "vo", (("s", ""), "/session/s1")) if plain else None
        bus.send(answer or new_error(call, "org.freedesktop.DBus.Error.NotSupported"))
    elif member in ANSWERS:
        bus.send(new_method_return(call, *ANSWERS[member]))
"""


class Bus:
    """A bus of this test alone. ``environ``: what a program needs to meet it."""

    def __init__(self, folder: Path, *, activation: bool = False) -> None:
        for name in NEEDED:
            needed(name)
        self.folder = folder
        folder.mkdir(mode=0o700)
        self.environ = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder),
            "KEYBOUND_AGENT": "off",
            "XDG_DATA_HOME": str(folder / "data"),
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={folder}/bus",
        }
        (folder / "bus.conf").write_text(
            _BUS.format(socket=folder / "bus", activation=_ACTIVATION if activation else "")
        )
        self._children = [self._spawn(["dbus-daemon", f"--config-file={folder}/bus.conf", "--nofork"])]
        self._impostors: list[subprocess.Popen[bytes]] = []
        _until(lambda: (folder / "bus").exists())

    def _spawn(self, command: list[str]) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            command, env=self.environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )

    def start_keyring(self) -> "subprocess.Popen[bytes]":
        """A real gnome-keyring with its login collection open; the process, to be stopped or killed."""
        daemon = self._spawn(["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"])
        self._children.append(daemon)
        assert daemon.stdin is not None
        daemon.stdin.write(PASSWORD)
        daemon.stdin.close()
        _until(lambda: self.store("0" * 12).status().value == "open")
        return daemon

    def restart_keyring(self) -> None:
        """The keyring's newest process ends, and another one opens what it kept."""
        newest = self._children[-1]
        newest.kill()
        newest.wait(timeout=20)
        self.start_keyring()

    def unlock(self) -> None:
        """Open the login collection again, as its prompter does."""
        with Conversation(self.environ["DBUS_SESSION_BUS_ADDRESS"], Deadline(20)) as bus:
            _, session = bus.call(new_method_call(SERVICE, "OpenSession", "sv", ("plain", ("s", ""))))
            master = (session, b"", PASSWORD, "text/plain")
            bus.call(new_method_call(_INTERNAL, "UnlockWithMasterPassword", "o(oayays)", (COLLECTION_PATH, master)))

    def start_impostor(self, kind: str) -> None:
        """A service that is ``mute`` or ``prompting``."""
        service = self._spawn([sys.executable, "-c", _IMPOSTOR, kind])
        self._children.append(service)
        self._impostors.append(service)
        assert service.stdout is not None
        assert service.stdout.readline() == b"ready\n"

    def end_impostors(self) -> None:
        """The misbehaving service is gone; the bus stays."""
        for child in self._impostors:
            child.kill()
            child.wait(timeout=20)

    def store(self, tag: str) -> SecretServiceStore:
        """Our store of the home ``tag`` on this bus."""
        return SecretServiceStore(tag, self.environ)

    def listing(self) -> str:
        """Every item of every home, with its secret, as another program sees them."""
        command = ["secret-tool", "search", "--all", "application", "Python keyring library"]
        done = subprocess.run(command, env=self.environ, capture_output=True, text=True, timeout=20, check=False)
        lines = (done.stdout + done.stderr).splitlines()
        return "\n".join(sorted(one for one in lines if not one.startswith("schema = ")))  # added by the daemon itself

    def close(self) -> None:
        """End what was started here."""
        for child in reversed(self._children):
            child.send_signal(signal.SIGCONT)
            child.kill()
            child.wait(timeout=20)
            for pipe in (child.stdin, child.stdout):
                if pipe is not None:
                    pipe.close()


def _until(true: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


@contextmanager
def private_bus(folder: Path, *, activation: bool = False) -> Iterator[Bus]:
    """A bus that ends with the block, and all on it."""
    bus = Bus(folder, activation=activation)
    try:
        yield bus
    finally:
        bus.close()
