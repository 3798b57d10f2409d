"""Targets that read bytes: envelopes, the journal, tokens, helper protocols, the agent's frames, the bus, streams."""

import json
import os
import socket
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache

from jeepney import message_bus

from keybound.catalogue.recognise import Recogniser
from keybound.catalogue.shipped import shipped
from keybound.cli.client.client import frame, parts_of
from keybound.custody.scan.finder import Finder, as_text
from keybound.domain.errors import BadInputError, KeyboundError, UnavailableError
from keybound.domain.seal.carried import decode_jwt
from keybound.domain.seal.envelope import EnvelopeError, decode_envelope, encode_envelope
from keybound.domain.text import credential_forms as forms
from keybound.domain.text.masking import SHORTEST, Masker
from keybound.domain.text.secret import Secret
from keybound.stores.age.age_sealing import Sealer, new_identity
from keybound.stores.bounded import Deadline
from keybound.stores.journal.journal import Anchor, Journal
from keybound.stores.journal.usage_index import UsageIndex
from keybound.stores.journal.verify import verify as verify_chain
from keybound.stores.keyring import secret_bus
from keybound.stores.keyring.secret_service import told
from keybound.verify import VerificationError, verify

Target = Callable[[bytes], None]
_PUBLIC = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"  # of RFC 8037, appendix A
_JWKS = {"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "k", "alg": "EdDSA", "x": _PUBLIC}]}


def envelope(data: bytes) -> None:
    """An envelope is refused, or is written again as what reads the same."""
    try:
        found = decode_envelope(Secret(data), "/home", "p/t", "token")
    except EnvelopeError:
        return
    assert decode_envelope(encode_envelope(found), "/home", "p/t", "token") == found


def journal(data: bytes) -> None:
    """A month of the journal: read, verified, indexed; never taken for whole where its hashes are not."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:  # a throw-away folder in memory
        with open(os.path.join(folder, "2026-11.jsonl"), "wb") as file:
            file.write(data)
        kept = Journal(folder)
        try:
            events = list(kept.events())
            report = verify_chain(kept, folder, [Anchor(len(events), events[-1].hash if events else "")])
            assert report is not None
            kept.newest(10)
            kept.latest_time()
            index = UsageIndex(os.path.join(folder, "usage.db"), folder)
            index.uses()
            index.close()
        except UnavailableError:
            return


def jwt(data: bytes) -> None:
    """A token of somebody else, and one that is to be verified."""
    decode_jwt(Secret(data))
    try:
        verify(data.decode("utf-8", "replace"), _JWKS, audience="a", now=1_800_000_000)
    except VerificationError:
        return
    raise AssertionError("nobody signed this")


def key_set(data: bytes) -> None:
    """A set of keys from elsewhere, for a token that they did not sign."""
    try:
        keys = json.loads(data)
    except ValueError:
        return
    try:
        verify(_TOKEN, keys if isinstance(keys, dict) else {"keys": keys}, audience="a", now=1_800_000_000)
    except VerificationError:
        return
    raise AssertionError("nobody signed this")


_TOKEN = "eyJhbGciOiJFZERTQSIsImtpZCI6ImsifQ.eyJhdWQiOiJhIn0." + "A" * 86


def git_question(data: bytes) -> None:
    """What git asks its helper."""
    try:
        question = forms.git_question(data)
    except BadInputError:
        return
    forms.answers_host(question, ["github.com"])


def docker_host(data: bytes) -> None:
    """What Docker asks its helper."""
    with suppress(BadInputError):
        assert " " not in forms.docker_host(data)
    forms.is_docker_session(data)
    assert forms.docker_answer(data, "u", Secret("s"))


def agent_frame(data: bytes) -> None:
    """What is sent over the agent's socket."""
    try:
        parts = parts_of(data)
    except ValueError:
        return
    assert frame(parts)[4:] == data


def bus(data: bytes) -> None:
    """Whatever the bus answers to a search for items."""
    ours, theirs = socket.socketpair()
    try:
        theirs.sendall(data)
        theirs.shutdown(socket.SHUT_WR)
        talk = _conversation(ours)
        with suppress(KeyboundError), told(1.0):
            (paths,) = talk.call(secret_bus.search_call({"a": "b"}))
            secret_bus.secrets_of(talk, paths)
    finally:
        ours.close()
        theirs.close()


def _conversation(connection: socket.socket) -> secret_bus.Conversation:
    """A conversation as it is after Hello."""
    from jeepney.io.blocking import DBusConnectionBase
    from jeepney.io.common import MessageFilters

    talk = secret_bus.Conversation.__new__(secret_bus.Conversation)
    talk._deadline = Deadline(0.2)
    DBusConnectionBase.__init__(talk, connection)
    talk._filters = MessageFilters()
    talk.unique_name, talk._session = ":1.1", "/s"
    assert message_bus.Hello()
    return talk


def mask(data: bytes) -> None:
    """A stream in pieces of any size: the secret is never in what is shown, and nothing else is lost."""
    secret, _, stream = data.partition(b"\n")
    if len(secret) < SHORTEST or secret.strip() != secret:
        return
    masker, shown, at = Masker([secret]), b"", 0
    while at < len(stream):
        size = stream[at] % 7 + 1
        shown += masker.feed(stream[at : at + size])
        at += size
    shown += masker.end()
    assert secret not in shown


@cache
def _finder() -> tuple[Finder, Recogniser, Sealer]:
    recogniser = Recogniser(shipped())
    return Finder(recogniser), recogniser, Sealer(new_identity())


def find(data: bytes) -> None:
    """A file in which plain tokens are looked for."""
    text = as_text(data)
    if text is not None:
        for one in _finder()[0].find(text, "f"):
            assert one


def recognise(data: bytes) -> None:
    """A text that may be a token."""
    _finder()[1].recognise(data.decode("latin-1"), "")


def sealed_item(data: bytes) -> None:
    """A file of the file store that we did not write."""
    assert _finder()[2].open(("tag", "p", "token", "t", "token"), data) is None


def byte_targets() -> dict[str, Target]:
    """All of them by name."""
    listed = (
        envelope,
        journal,
        jwt,
        key_set,
        git_question,
        docker_host,
        agent_frame,
        bus,
        mask,
        find,
        recognise,
        sealed_item,
    )
    return {one.__name__: one for one in listed}
