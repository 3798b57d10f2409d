"""A Secret Service that replies wrongly, in every way to every question: nothing is released that should not be."""

import json
import os
import random
import time
from collections.abc import Iterator

import pytest

from keybound.stores.keyring.secret_service import SecretServiceStore
from support.furnished import LOOKS, Furnished
from support.secret_service import private_bus
from support.tried import Tried
from support.verb_server import Done, Verbs
from support.wrong_service import KINDS, OF_SECRETS, WrongService

SEED = int(os.environ.get("KEYBOUND_FAULTS_SEED", "20261128"))
ROUNDS = 2200 if os.environ.get("KEYBOUND_FAULTS") == "all" else 120
CALL, VERB = 0.5, 8.0  # seconds: of one conversation, here; of a verb
ENV = LOOKS[1]
CALLS: list[tuple[tuple[str, ...], str]] = [
    (ENV, ""), (LOOKS[3], ""), (LOOKS[4], ""), (("add", "staging/new", "--env", "NEW"), "a new one"),
    (("refresh", "staging/github"), "another one"), (("remove", "staging/other", "--yes"), ""),
    (("approve", "staging", "--yes"), ""), (("expire", "staging/other", "--yes"), ""),
]  # fmt: skip
METHODS = ("OpenSession", "Get", "SearchItems", "GetSecrets", "CreateItem", "Delete")
ASKED = {"CreateItem": CALLS[3:], "Delete": [CALLS[5]]}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Furnished, WrongService]]:
    folder = tmp_path_factory.mktemp("wrong")
    with private_bus(folder / "run") as bus:
        wrong = WrongService(bus.environ["DBUS_SESSION_BUS_ADDRESS"])
        (folder / "home").mkdir()
        environ = {
            **bus.environ, "HOME": str(folder / "home"), "LANG": "C.UTF-8", "KEYBOUND_STORE": "keyring",
            "XDG_DATA_HOME": "",
        }  # fmt: skip
        limit = {f"{SecretServiceStore.__module__}:CALL_SECONDS": CALL}
        verbs = Verbs(environ, folder, [list(call) for call, _ in CALLS], limit)
        try:
            yield Furnished(folder / "home", verbs, "canary-ours"), wrong
        finally:
            verbs.close()
            wrong.close()


def test_nothing_wrong_is_released(service: tuple[Furnished, WrongService], tried: Tried) -> None:
    home, wrong = service
    kept, chance = dict(wrong.items), random.Random(SEED)
    assert {path: held.secret for path, held in kept.items()} != wrong.older
    faults, given = [], 0
    for number, (method, kind, call, text) in enumerate(ways(chance)):
        wrong.items = dict(kept)
        before = wrong.given
        wrong.wrong = (method, kind, chance.randrange(1 << 30))
        try:
            judged(home, call, text)
        except AssertionError as fault:
            faults.append(f"{number}: {method} gives {kind}: {call}: {str(fault)[:600]}")
        given += wrong.given - before
        wrong.wrong = None
        home.reset()
        wrong.present()
    assert not faults, f"{len(faults)}:\n" + "\n".join(faults)
    assert given > ROUNDS / 2
    tried("a Secret Service gives a wrong reply", given)


Way = tuple[str, str, tuple[str, ...], str]


def ways(chance: random.Random) -> list[Way]:
    """What is wrong with secrets as a release asks for them; then any method with any kind, at any verb that calls it."""
    found: list[Way] = [("GetSecrets", kind, ENV, "") for kind in OF_SECRETS]
    every = [(method, kind) for method in METHODS for kind in KINDS]
    while len(found) < ROUNDS:
        found += [(*one, *chance.choice(ASKED.get(one[0], CALLS))) for one in chance.sample(every, len(every))]
    return found[:ROUNDS]


def judged(home: Furnished, call: tuple[str, ...], text: str) -> None:
    begun = time.monotonic()
    done = home.verbs(*call, given=text)
    spent = time.monotonic() - begun
    assert done.status in (0, 1, 2, 3, 4), done
    assert "Traceback" not in done.out + done.err, done.err
    assert spent < VERB, spent
    assert done.status == 0 or done.err, done
    assert "canary" not in done.err, done
    if call == ENV:
        released(home, done)
    else:
        assert "canary" not in done.out, done
    assert "\x1b" not in done.out + done.err, done


def released(home: Furnished, done: Done) -> None:
    given = json.loads(done.out) if done.out else {}
    allowed = json.loads(home.baseline[ENV].out)
    assert given.items() <= allowed.items(), (given, done.err)
    assert given == allowed or done.status != 0, done
