"""A Secret Service that keeps items as it should, and gives one reply that is wrong in a way of its own.

``KINDS`` are the ways. Each is given the right reply, and says what is sent instead: messages, or nothing.
"""

import random
import threading
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from jeepney import HeaderFields, Message, MessageType, message_bus, new_error, new_method_return, new_signal
from jeepney.io.blocking import open_dbus_connection
from jeepney.wrappers import DBusAddress

from keybound.stores.keyring.secret_bus import BUS_NAME, COLLECTION_PATH, SECRET

LATE = 0.8  # seconds; more than a call may take in these tests
_SESSION = "/org/freedesktop/secrets/session/s1"
_ITEM = "/org/freedesktop/secrets/collection/login/"
_PROMPT = "/org/freedesktop/secrets/prompt/p1"


class Reply(NamedTuple):
    """What is right: the reply's signature and body."""

    signature: str
    body: tuple[Any, ...]


class Held(NamedTuple):
    """An item."""

    attributes: dict[str, str]
    secret: bytes


class Gone(Exception):
    """The service leaves the bus."""


class WrongService(threading.Thread):
    """The service on the bus ``address``. ``wrong``: (method, kind, seed) of the next reply that is wrong."""

    def __init__(self, address: str) -> None:
        super().__init__(daemon=True)
        self._address = address
        self.items: dict[str, Held] = {}
        self.older: dict[str, bytes] = {}
        self.wrong: tuple[str, str, int] | None = None
        self.given = 0  # wrong replies
        self.calls: set[str] = set()
        self._ended = threading.Event()
        self._ready = threading.Event()
        self.start()
        assert self._ready.wait(20)

    def run(self) -> None:
        """Serve until it is ended; come back after leaving."""
        while not self._ended.is_set():
            with open_dbus_connection(self._address) as bus:
                bus.send_and_get_reply(message_bus.RequestName(BUS_NAME))
                self._ready.set()
                try:
                    self._serve(bus)
                except (Gone, OSError, EOFError):
                    pass

    def close(self) -> None:
        """End it."""
        self._ended.set()
        self.join(20)

    def present(self) -> None:
        """Wait until it is on the bus."""
        assert self._ready.wait(20)

    def _serve(self, bus: Any) -> None:
        while not self._ended.is_set():
            try:
                call = bus.receive(timeout=0.05)
            except TimeoutError:
                continue
            if call.header.message_type is MessageType.method_call:
                for message in self._answers(call):
                    bus.send(message)

    def _answers(self, call: Message) -> list[Message]:
        member = call.header.fields[HeaderFields.member]
        right = self._right(call, member)
        if isinstance(right, str):
            return [new_error(call, right)]
        self.calls.add(member)
        if self.wrong is None or self.wrong[0] != member:
            return [new_method_return(call, *right)]
        _, kind, seed = self.wrong
        self.wrong = None
        self.given += 1
        if kind == "leaves":
            self._ready.clear()
            raise Gone
        return KINDS[kind](self, call, right, random.Random(seed))

    def _right(self, call: Message, member: str) -> Reply | str:
        path = call.header.fields[HeaderFields.path]
        body = call.body
        match member:
            case "OpenSession":
                plain = body[0] == "plain"
                return Reply("vo", (("s", ""), _SESSION)) if plain else "org.freedesktop.DBus.Error.NotSupported"
            case "SearchItems":
                found = [one for one, held in self.items.items() if body[0].items() <= held.attributes.items()]
                return Reply("ao", (found,)) if path == COLLECTION_PATH else Reply("aoao", (found, []))
            case "GetSecrets":
                secrets = {one: self._secret(one) for one in body[0] if one in self.items}
                return Reply("a{o(oayays)}", (secrets,))
            case "CreateItem":
                attributes = dict(body[0][f"{SECRET}.Item.Attributes"][1])
                same = [one for one, held in self.items.items() if held.attributes == attributes]
                made = same[0] if same else f"{_ITEM}{len(self.items) + 1}"
                self.items[made] = Held(attributes, bytes(body[1][2]))
                self.older.setdefault(made, bytes(body[1][2]))
                return Reply("oo", (made, "/"))
            case "Delete":
                self.items.pop(path, None)
                return Reply("o", ("/",))
            case "Unlock" | "Lock":
                return Reply("aoo", (body[0], "/"))
            case "Get":
                return self._property(path, body[1])
        return "org.freedesktop.DBus.Error.UnknownMethod"

    def _secret(self, path: str) -> tuple[Any, ...]:
        return (_SESSION, b"", self.items[path].secret, "text/plain; charset=utf8")

    def _property(self, path: str, name: str) -> Reply | str:
        values: dict[str, tuple[str, Any]] = {"Locked": ("b", False), "Label": ("s", "Login")}
        if path in self.items:
            values["Attributes"] = ("a{ss}", self.items[path].attributes)
        return Reply("v", (values[name],)) if name in values else "org.freedesktop.DBus.Error.UnknownObject"


Kind = Callable[[WrongService, Message, Reply, random.Random], list[Message]]
OF_SECRETS: list[str] = []
KINDS: dict[str, Kind] = {"leaves": lambda service, call, right, chance: []}


def _kind(name: str) -> Callable[[Kind], Kind]:
    def add(kind: Kind) -> Kind:
        KINDS[name] = kind
        return kind

    return add


def _sends(name: str, make: Callable[[Reply, random.Random], Reply]) -> None:
    KINDS[name] = lambda service, call, right, chance: [new_method_return(call, *make(right, chance))]


for _error in (
    "org.freedesktop.Secret.Error.IsLocked", "org.freedesktop.Secret.Error.NoSession",
    "org.freedesktop.Secret.Error.NoSuchObject", "org.freedesktop.DBus.Error.UnknownMethod",
    "org.freedesktop.DBus.Error.NoReply", "org.freedesktop.DBus.Error.LimitsExceeded",
    "org.freedesktop.DBus.Error.AccessDenied", "org.freedesktop.DBus.Error.ServiceUnknown", "a.b",
    "org.example.\\x1b.x".replace("\\x1b", "_1b_31m"),
):  # fmt: skip
    KINDS[f"the error {_error}"] = lambda service, call, right, chance, error=_error: [  # type: ignore[misc]
        new_error(call, error, "s", ("\x1b[31mwords of the service\n" * chance.randrange(1, 4),))
    ]
_sends("nothing in it", lambda right, chance: Reply("", ()))
_sends("a text", lambda right, chance: Reply("s", ("yes",)))
_sends("a number", lambda right, chance: Reply("u", (chance.randrange(1 << 32),)))
_sends("a number and more", lambda right, chance: Reply("xdbs", (-1, float("nan"), True, "\x00"[:0] + "é")))
_sends("an empty list", lambda right, chance: Reply("as", ([],)))
_sends("a list of texts", lambda right, chance: Reply("as", (["a", "b"],)))
_sends("a variant in a variant", lambda right, chance: Reply("v", (("v", ("v", ("s", "deep"))),)))
_sends("a dictionary of variants", lambda right, chance: Reply("a{sv}", ({"Locked": ("b", False)},)))
_sends("one field more", lambda right, chance: Reply(right.signature + "s", (*right.body, "more")))
_sends("a megabyte of text", lambda right, chance: Reply("s", ("x" * 1_000_000,)))
_sends("eight megabytes", lambda right, chance: Reply("ay", (b"\xff" * 8_000_000,)))
_sends("a hundred thousand paths", lambda right, chance: Reply("ao", ([f"/p{n}" for n in range(100_000)],)))
_sends("the root as path", lambda right, chance: Reply("o", ("/",)))
_sends("two paths to nowhere", lambda right, chance: Reply("oo", ("/nowhere", "/nowhere")))
_sends("a prompt that never completes", lambda right, chance: Reply("oo", ("/", _PROMPT)))
_sends("nothing unlocked, and a prompt", lambda right, chance: Reply("aoo", ([], _PROMPT)))
_sends("a flag in a variant", lambda right, chance: Reply("v", (("b", True),)))
_sends("a text for a flag", lambda right, chance: Reply("v", (("s", "false"),)))
_sends("one for a flag", lambda right, chance: Reply("v", (("u", 1),)))
_sends("no attributes", lambda right, chance: Reply("v", (("a{ss}", {}),)))
_sends("paths twice", lambda right, chance: _twice(right))
_sends("paths in another order", lambda right, chance: _shuffled(right, chance))


def _twice(right: Reply) -> Reply:
    return right._replace(body=tuple([*one, *one] if isinstance(one, list) else one for one in right.body))


def _shuffled(right: Reply, chance: random.Random) -> Reply:
    return right._replace(
        body=tuple(chance.sample(one, len(one)) if isinstance(one, list) else one for one in right.body)
    )


@_kind("no reply at all")
def _silent(service: WrongService, call: Message, right: Reply, chance: random.Random) -> list[Message]:
    return []


@_kind("late")
def _late(service: WrongService, call: Message, right: Reply, chance: random.Random) -> list[Message]:
    time.sleep(LATE)
    return [new_method_return(call, *right)]


@_kind("the reply twice")
def _repeated(service: WrongService, call: Message, right: Reply, chance: random.Random) -> list[Message]:
    return [new_method_return(call, *right), new_method_return(call, *right)]


@_kind("the reply to another call")
def _other_serial(service: WrongService, call: Message, right: Reply, chance: random.Random) -> list[Message]:
    reply = new_method_return(call, *right)
    reply.header.fields[HeaderFields.reply_serial] = 4_000_000
    return [reply]


@_kind("a signal first")
def _signal(service: WrongService, call: Message, right: Reply, chance: random.Random) -> list[Message]:
    prompt = DBusAddress(_PROMPT, BUS_NAME, f"{SECRET}.Prompt")
    return [new_signal(prompt, "Completed", "bv", (False, ("s", ""))), new_method_return(call, *right)]


@_kind("all items that there are")
def _all(service: WrongService, call: Message, right: Reply, chance: random.Random) -> list[Message]:
    return [new_method_return(call, "ao", (chance.sample(list(service.items), len(service.items)),))]


@_kind("another item")
def _another(service: WrongService, call: Message, right: Reply, chance: random.Random) -> list[Message]:
    return [new_method_return(call, "ao", ([chance.choice(list(service.items))],))]


@_kind("the attributes of another")
def _attributes(service: WrongService, call: Message, right: Reply, chance: random.Random) -> list[Message]:
    other = chance.choice(list(service.items.values()))
    return [new_method_return(call, "v", (("a{ss}", other.attributes),))]


def _secrets(name: str, change: Callable[[WrongService, dict[str, Any], random.Random], dict[str, Any]]) -> None:
    """Secrets, given and changed; to another question, those of all items."""

    def make(service: WrongService, call: Message, right: Reply, chance: random.Random) -> list[Message]:
        asked = right.body[0] if right.signature.startswith("a{o") else service.items
        given = {path: service._secret(path) for path in asked}
        return [new_method_return(call, "a{o(oayays)}", (change(service, given, chance),))]

    KINDS[name] = make
    OF_SECRETS.append(name)


def _each(change: Callable[[bytes, random.Random], bytes]) -> Callable[..., dict[str, Any]]:
    return lambda service, given, chance: {
        path: (session, more, change(secret, chance), kind) for path, (session, more, secret, kind) in given.items()
    }


def _swapped(service: WrongService, given: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    paths = list(given)
    return dict(zip(paths, (given[one] for one in [*paths[1:], *paths[:1]]), strict=True))


def _older(service: WrongService, given: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    return {path: (one[0], one[1], service.older.get(path, one[2]), one[3]) for path, one in given.items()}


def _flipped(secret: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(secret))
    return secret[:place] + bytes([secret[place] ^ chance.randrange(1, 256)]) + secret[place + 1 :]


_secrets("the secrets of others", _swapped)
_secrets("older secrets", _older)
_secrets("no secret", lambda service, given, chance: {})
_secrets("one secret less", lambda service, given, chance: dict(list(given.items())[1:]))
_secrets("one secret more", lambda service, given, chance: {**given, "/more": (_SESSION, b"", b"{}", "")})
_secrets("secrets cut", _each(lambda secret, chance: secret[: chance.randrange(len(secret))]))
_secrets("secrets with a byte changed", _each(_flipped))
_secrets("empty secrets", _each(lambda secret, chance: b""))
_secrets("secrets that are no text", _each(lambda secret, chance: b"\xff\xfe" + secret))
_secrets("secrets with NUL", _each(lambda secret, chance: secret + b"\0"))
_secrets("secrets of a megabyte", _each(lambda secret, chance: secret * (1_000_000 // (len(secret) or 1))))
_secrets("secrets that are other JSON", _each(lambda secret, chance: chance.choice([b"{}", b"[]", b"1", b"null"])))
_secrets("deep JSON", _each(lambda secret, chance: b"[" * 100_000))
_secrets("of another session", lambda service, given, chance: {p: ("/s2", *one[1:]) for p, one in given.items()})
_secrets(
    "encrypted, they say", lambda service, given, chance: {p: (one[0], b"iv" * 8, *one[2:]) for p, one in given.items()}
)
