"""A conversation with the Secret Service over the session bus, every step of it within a deadline."""

import os
from collections.abc import Mapping, Sequence
from typing import Any

from jeepney import DBusAddress, MatchRule, Message, MessageType, Properties, message_bus, new_method_call
from jeepney.bus import get_connectable_addresses
from jeepney.io.blocking import DBusConnection, DBusConnectionBase, prep_socket
from jeepney.io.common import MessageFilters
from jeepney.low_level import HeaderFields

from keybound.domain.errors import StoreAwayError, StoreLockedError, UnavailableError
from keybound.domain.text.secret import Secret
from keybound.stores.batches import batches
from keybound.stores.bounded import Deadline

BUS_NAME = "org.freedesktop.secrets"
COLLECTION_PATH = "/org/freedesktop/secrets/aliases/default"
SECRET = "org.freedesktop.Secret"  # noqa: S105  # an interface's name
SERVICE = DBusAddress("/org/freedesktop/secrets", BUS_NAME, f"{SECRET}.Service")
COLLECTION = DBusAddress(COLLECTION_PATH, BUS_NAME, f"{SECRET}.Collection")

AWAY_HINT = "Start a keyring (gnome-keyring, KWallet, KeePassXC), or choose the file store: KEYBOUND_STORE=file"
LOCKED_HINT = "Unlock it: keybound unlock"
_AT_ONCE = 100  # calls without a reply; dbus-daemon's own limit, where its configuration sets none, is 128
_GONE = ("UnknownMethod", "UnknownObject", "NoSuchObject")


def bus_address(environ: Mapping[str, str]) -> str:
    """The session bus's address; raise StoreAwayError where there is none."""
    address = environ.get("DBUS_SESSION_BUS_ADDRESS", "")
    if address:
        return address
    socket = os.path.join(environ.get("XDG_RUNTIME_DIR") or "/nonexistent", "bus")
    if os.path.exists(socket):
        return f"unix:path={socket}"
    raise StoreAwayError("there is no session bus, and so no keyring", hint=AWAY_HINT)


class BusError(StoreAwayError):
    """The service's own error; ``name`` is the last part of its D-Bus name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the keyring answers with {name}", hint=AWAY_HINT)
        self.name = name

    @property
    def gone(self) -> bool:
        """Whether the error says that there is no such object."""
        return self.name in _GONE


class Conversation(DBusConnection):  # type: ignore[misc]  # jeepney has no types
    """A connection that raises TimeoutError once its deadline has passed, at any step."""

    def __init__(self, address: str, deadline: Deadline) -> None:
        self._deadline = deadline
        socket = prep_socket(next(get_connectable_addresses(address)), timeout=deadline.left())
        DBusConnectionBase.__init__(self, socket)
        self._filters = MessageFilters()
        self.unique_name = self.call(message_bus.Hello())[0]
        self._session = ""

    @property
    def session(self) -> str:
        """The path of a plain session: the socket is this user's own. Opened when first used."""
        if not self._session:
            _, self._session = self.call(new_method_call(SERVICE, "OpenSession", "sv", ("plain", ("s", ""))))
        return self._session

    def go_on(self, deadline: Deadline) -> None:
        """Go on until another deadline."""
        self._deadline = deadline

    def send(self, message: Message, serial: int | None = None) -> None:
        """Send a message; a bus that takes nothing is a TimeoutError."""
        self._send_all([message.serialise(next(self.outgoing_serial) if serial is None else serial)])

    send_message = send

    def _send_all(self, messages: Sequence[bytes]) -> None:
        self.sock.settimeout(max(self._deadline.left(), 0.001))
        self.sock.sendall(b"".join(messages))  # one call: each wakes the bus

    def receive(self, *, timeout: float | None = None) -> Message:
        """The next message, before ``timeout`` seconds and the deadline."""
        left = self._deadline.left()
        return super().receive(timeout=left if timeout is None else min(timeout, left))

    def call(self, message: Message) -> Any:
        """Send a call and return the reply's body; raise BusError for an error."""
        return self.all_of([message])[0]

    def all_of(self, messages: Sequence[Message]) -> list[Any]:
        """Send calls in one go and return the bodies of their replies, in order; raise BusError for the first error."""
        return [_body(reply) for reply in self.replies(messages)]

    def replies(self, messages: Sequence[Message]) -> list[Message]:
        """Send calls, many at once, and return their replies, errors too, in order."""
        return [reply for part in batches(messages, _AT_ONCE) for reply in self._replies(part)]

    def _replies(self, messages: Sequence[Message]) -> list[Message]:
        waiting = {next(self.outgoing_serial): place for place in range(len(messages))}
        found: dict[int, Message] = {}
        self._send_all([message.serialise(serial) for serial, message in zip(waiting, messages, strict=True)])
        while waiting:
            reply = self.receive()
            place = waiting.pop(reply.header.fields.get(HeaderFields.reply_serial, -1), -1)
            if place >= 0:
                found[place] = reply
            else:
                self._keep(reply)
        return [found[place] for place in range(len(messages))]

    def _keep(self, message: Message) -> None:
        for listener in self._filters.matches(message):
            listener.queue.append(message)


def _body(reply: Message) -> Any:
    if reply.header.message_type != MessageType.error:
        return reply.body
    raise fault_of(reply.header.fields.get(HeaderFields.error_name, ""))


def fault_of(error: str) -> UnavailableError:
    """The error for a D-Bus error's name."""
    last = error.rpartition(".")[2]
    if last == "IsLocked":
        return StoreLockedError("the keyring is locked", hint=LOCKED_HINT)
    if (
        last in ("ServiceUnknown", "NameHasNoOwner", "NoReply", "Disconnected", "Timeout", "TimedOut")
        or ".Spawn." in error
    ):
        return StoreAwayError(f"no keyring answers on the session bus ({last})", hint=AWAY_HINT)
    return BusError(last)


def locked_call() -> Message:
    """Ask whether the default collection is locked."""
    return Properties(COLLECTION).get("Locked")


def search_call(attributes: Mapping[str, str]) -> Message:
    """Ask the default collection for the items that have all these attributes."""
    return new_method_call(COLLECTION, "SearchItems", "a{ss}", (dict(attributes),))


def search_everywhere_call(attributes: Mapping[str, str]) -> Message:
    """Ask all collections for the items that have all these attributes: those that are open, and those that are locked."""
    return new_method_call(SERVICE, "SearchItems", "a{ss}", (dict(attributes),))


def attributes_call(path: str) -> Message:
    """Ask an item for its attributes."""
    return Properties(DBusAddress(path, BUS_NAME, f"{SECRET}.Item")).get("Attributes")


def secrets_of(bus: Conversation, paths: Sequence[str]) -> dict[str, Secret]:
    """The secrets of the items at ``paths``."""
    (found,) = bus.call(new_method_call(SERVICE, "GetSecrets", "aoo", (list(paths), bus.session)))
    return {path: Secret(bytes(value)) for path, (_, _, value, _) in found.items()}


_ahead: dict[str, Conversation] = {}


def talk_ahead(address: str, deadline: Deadline) -> None:
    """Begin a conversation for the next that this process asks for: it then need not wait for that."""
    bus = Conversation(address, deadline)
    if bus.session:
        _ahead[address] = bus


def conversation(address: str, deadline: Deadline) -> Conversation:
    """A conversation with the bus at ``address``: one that was begun ahead, or a new one."""
    begun = _ahead.pop(address, None)
    if begun is None:
        return Conversation(address, deadline)
    begun.go_on(deadline)
    return begun


def lock_call() -> Message:
    """Lock the default collection."""
    return new_method_call(SERVICE, "Lock", "ao", ([COLLECTION_PATH],))


def unlock(bus: Conversation) -> bool:
    """Unlock the default collection, with the system's prompter where the service wants it; False: dismissed."""
    bus.call(message_bus.AddMatch(MatchRule(sender=BUS_NAME, interface=f"{SECRET}.Prompt")))
    _, prompt = bus.call(new_method_call(SERVICE, "Unlock", "ao", ([COLLECTION_PATH],)))
    return prompt == "/" or _prompted(bus, prompt)


def _prompted(bus: Conversation, prompt: str) -> bool:
    completed = MatchRule(type=MessageType.signal, interface=f"{SECRET}.Prompt", member="Completed", path=prompt)
    with bus.filter(completed) as signals:
        bus.call(new_method_call(DBusAddress(prompt, BUS_NAME, f"{SECRET}.Prompt"), "Prompt", "s", ("",)))
        dismissed, _ = bus.recv_until_filtered(signals).body
    return not dismissed
