"""Read items of the Secret Service whose places are known: two round trips, no library, half a second at most.

It never prompts, and it never says that an item is missing: it either returns every text or gives up.
"""

import os
from _socket import AF_UNIX, SOCK_STREAM, socket

from keybound.stores.bus_wire import Answers, Reader, call, greeting, padded, text, u32

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SECONDS = 0.5
_BUS = "org.freedesktop.DBus"
_NAME, _ROOT = "org.freedesktop.secrets", "/org/freedesktop/secrets"
_SERVICE = "org.freedesktop.Secret.Service"
_PLAIN = text("plain") + b"\1s\0" + b"\0" * 3 + text("")


def read_places(environ: "Mapping[str, str]", places: "Sequence[str]") -> list[bytes]:
    """The texts at these object paths, in order. Raises OSError or ValueError where they cannot be had at once."""
    connection = socket(AF_UNIX, SOCK_STREAM)
    try:
        connection.settimeout(SECONDS)
        connection.connect(_address(environ))
        hello = call(1, "/org/freedesktop/DBus", _BUS, "Hello", _BUS)
        connection.sendall(greeting() + hello + call(2, _ROOT, _SERVICE, "OpenSession", _NAME, "sv", _PLAIN))
        answers = Answers(connection)
        answers.welcome()
        session = _session(answers.reply(2))
        connection.sendall(call(3, _ROOT, _SERVICE, "GetSecrets", _NAME, "aoo", _wanted(places, session)))
        found = _secrets(answers.reply(3))
    except IndexError:
        raise ValueError("cut short") from None
    finally:
        connection.close()
    return [_at(found, place) for place in places]


def _at(found: "Mapping[str, bytes]", place: str) -> bytes:
    if place not in found:
        raise ValueError("locked, or moved")
    return found[place]


def _address(environ: "Mapping[str, str]") -> str | bytes:
    address = environ.get("DBUS_SESSION_BUS_ADDRESS") or f"unix:path={environ.get('XDG_RUNTIME_DIR', '')}/bus"
    kind, _, rest = address.partition(";")[0].partition(":")
    options = dict(part.partition("=")[::2] for part in rest.split(","))
    if kind != "unix" or "%" in rest:
        raise ValueError("another kind of address")
    if "abstract" in options:
        return b"\0" + os.fsencode(options["abstract"])
    return options.get("path", "")


def _session(body: bytes) -> str:
    reader = Reader(body)
    reader.skip(reader.signature())
    reader.align(4)
    return reader.text()


def _wanted(places: "Sequence[str]", session: str) -> bytes:
    paths = b""
    for place in places:
        paths = padded(paths, 4) + text(place)
    return padded(u32(len(paths)) + paths, 4) + text(session)


def _secrets(body: bytes) -> dict[str, bytes]:
    reader = Reader(body)
    end = reader.number()
    reader.align(8)
    end += reader.at
    found = {}
    while reader.at < end:
        reader.align(8)
        place = reader.text()
        reader.align(8)
        reader.text()  # the session
        reader.raw()  # its parameters
        found[place] = reader.raw()
        reader.text()  # the content's type
    return found
