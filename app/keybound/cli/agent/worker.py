"""One request, in a process of its own that ends with the answer: no reading, verdict or secret outlives it."""

import gc
import io
import os
import signal
import socket
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import TextIO

from keybound.cli import main
from keybound.cli.agent.peer import Peer, peer_of
from keybound.cli.agent.rehearsal import Rehearsal
from keybound.cli.client import client
from keybound.cli.process import start
from keybound.custody.context import caller as caller
from keybound.custody.context.context import Context
from keybound.domain.errors import KeyboundError
from keybound.stores.keyring.secret_service import SecretServiceStore

_SECONDS = 30  # a worker whose caller is long gone
_WITHHELD_HERE = (
    "KEYBOUND_PASSWORD_FILE",
    "KEYBOUND_PASSWORD_COMMAND",
)  # deriving a key takes longer than a caller waits
_kept_bytes = (io.BytesIO(), io.BytesIO())
_NOTHING = b"\0\0\0\0"  # the empty frame: go the direct way


def rehearse(rehearsal: Rehearsal) -> None:
    """Do everything once, for nobody; what is printed goes nowhere."""
    gc.disable()
    out = sys.stdout
    sys.stdout = _kept(out, io.BytesIO())
    try:
        rehearsal.perform()
        _talk_ahead()
    finally:
        sys.stdout = out


def _talk_ahead() -> None:
    """Begin a conversation with this home's keyring, where that is its store and it can be had."""
    with suppress(OSError, KeyboundError):
        store = Context(os.environ, "/").store
        if isinstance(store, SecretServiceStore):
            store.talk_ahead()


def answer(connection: socket.socket) -> None:
    """Read a request, answer it, and close. The empty frame tells the caller to go the direct way."""
    signal.alarm(_SECONDS)
    connection.settimeout(client.PATIENCE)
    peer = peer_of(connection)
    try:
        request = client.parts_of(_read(connection))
        connection.sendall(_answer(peer, request) if peer is not None else _NOTHING)
    except (OSError, ValueError):
        return
    finally:
        connection.close()


def _read(connection: socket.socket) -> bytes:
    until = time.monotonic() + client.PATIENCE
    size = int.from_bytes(client.exactly(connection, 4, until), "big")
    if size > client.MOST_ASKED:
        raise ValueError("too long")
    return client.exactly(connection, size, until)


def _answer(peer: Peer, request: Sequence[bytes]) -> bytes:
    if len(request) < 3 or request[0] != client.code():
        return _NOTHING
    words = [os.fsdecode(word) for word in request[2:]]
    if not client.wanted(words, peer.environ):
        return _NOTHING
    _stand_for(peer, request[1])
    try:
        status = main.run_verb(words)
    except start.ExecRequest as command:
        head = [client.BECOMES, b"0", *_printed(), os.fsencode(command.program), str(len(command.command)).encode()]
        entries = [name + b"=" + value for name, value in command.environment.items()]
        return client.frame([*head, *map(os.fsencode, command.command), *entries])
    except (KeyboundError, caller.NeedsCaller, SystemExit):  # it says so itself, where it can ask and wait
        return _NOTHING
    return client.frame([client.ENDED, str(status).encode(), *_printed()])


def _stand_for(peer: Peer, given: bytes) -> None:
    """Take the caller's place: its environment, folder, umask and input; what is printed is kept."""
    gc.disable()
    os.environ.clear()
    os.environb.update(peer.environ)
    for name in _WITHHELD_HERE:
        os.environ.pop(name, None)
    time.tzset()
    os.umask(peer.umask)
    try:
        os.chdir(peer.folder)
    except OSError:
        raise ValueError("its folder is gone") from None
    caller.act_for(peer.pid)
    sys.stdin = io.TextIOWrapper(io.BytesIO(given))
    sys.stdout, sys.stderr = (
        _kept(stream, kept) for stream, kept in zip((sys.stdout, sys.stderr), _kept_bytes, strict=True)
    )


def _kept(stream: TextIO, kept: io.BytesIO) -> io.TextIOWrapper:
    return io.TextIOWrapper(kept, encoding=stream.encoding, errors=stream.errors, write_through=True)


def _printed() -> list[bytes]:
    """What was printed on standard output and standard error."""
    sys.stdout.flush()
    sys.stderr.flush()
    return [kept.getvalue() for kept in _kept_bytes]
