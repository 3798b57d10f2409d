"""A state folder on another machine, and two homes that share one keyring: nothing crosses, and it is said."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from keybound.stores.base import Item
from keybound.stores.keyring.home_tag import home_tag
from keybound.stores.keyring.secret_service import SecretServiceStore
from support.envelopes import text_of
from support.furnished import LOOKS, Furnished
from support.secret_service import private_bus
from support.staging import CANARY, COMMAND, Run, furnish
from support.tried import Tried
from support.verb_server import Verbs

ENV = LOOKS[1]
GITHUB = Item("staging", "github", "token")
ELSEWHERE = ["unshare", "--uts", "sh", "-c", 'hostname elsewhere && exec "$@"', "sh"]


def said_elsewhere(environ: dict[str, str], home: Path, *words: str) -> "subprocess.CompletedProcess[bytes]":
    """Run the command in another home, on a machine with another name where that can be had."""
    can = subprocess.run([*ELSEWHERE, "true"], capture_output=True, check=False).returncode == 0
    return subprocess.run(
        [*(ELSEWHERE if can else []), COMMAND, *words], env={**environ, "HOME": str(home)},
        capture_output=True, check=False, timeout=60, start_new_session=True,
    )  # fmt: skip


@pytest.mark.parametrize("what", ["state", "everything", "everything but the store"])
def test_copied_to_another_machine(
    keybound: Run, environ: dict[str, str], profiles: Path, home: Path, tmp_path: Path, what: str, tried: Tried
) -> None:
    furnish(keybound, profiles, home)
    there = tmp_path / "there"
    there.mkdir()
    for part in (".local/state", ".config", ".local/share")[: {"state": 1, "everything": 3}.get(what, 2)]:
        shutil.copytree(home / part, there / part)
    given = said_elsewhere(environ, there, "env", "staging", "--shell", "json")
    assert CANARY not in given.stdout + given.stderr
    assert given.returncode != 0 or json.loads(given.stdout) == {}
    for words in (("list",), ("why", "staging/github"), ("log", "--verify"), ("status",), ("init",)):
        done = said_elsewhere(environ, there, *words)
        assert done.returncode in (0, 1, 2, 3, 4), (words, done.stderr)
        assert b"Traceback" not in done.stderr
        assert CANARY not in done.stdout + done.stderr
    added = said_elsewhere(environ, there, "profile", "new", "fresh")
    assert added.returncode == 1
    assert f"belongs to the home {home}/.config/keybound" in added.stderr.decode()
    if what != "state":
        assert "adopt --from" in said_elsewhere(environ, there, "why", "staging/github").stdout.decode()
    assert CANARY in keybound("env", "staging", "--shell", "json").stdout
    tried("the state is copied to another machine", 1)


class Shared:
    """Two homes, and their stores, on one keyring."""

    def __init__(self, homes: list[Furnished], stores: list[SecretServiceStore]) -> None:
        self.homes, self.stores = homes, stores

    def given(self, number: int) -> dict[str, str]:
        """What a home releases."""
        done = self.homes[number].verbs(*ENV)
        found: dict[str, str] = json.loads(done.out)
        return {name: value for name, value in found.items() if name != "AWS_REGION"}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    folder = tmp_path_factory.mktemp("shared")
    with ExitStack() as stack:
        bus = stack.enter_context(private_bus(folder / "run"))
        bus.start_keyring()
        homes, stores = [], []
        for name in ("one", "two"):
            (folder / name).mkdir()
            environ = {**bus.environ, "HOME": str(folder / name), "XDG_DATA_HOME": "", "KEYBOUND_STORE": "keyring"}
            verbs = stack.enter_context(closing(Verbs(environ, folder, [list(call) for call in LOOKS])))
            homes.append(Furnished(folder / name, verbs, f"canary-{name}"))
            stores.append(bus.store(home_tag(f"{folder / name}/.config/keybound")))
        yield Shared(homes, stores)


def test_each_home_has_its_own(shared: Shared, tried: Tried) -> None:
    for number in (0, 1):
        assert shared.given(number) == shared.homes[number].current
    tried("two homes share one keyring", 2)


def test_anothers_envelope_is_withheld(shared: Shared, tried: Tried) -> None:
    """Of the same id, put there by hand."""
    own, theirs = text_of(shared.stores[0], GITHUB), text_of(shared.stores[1], GITHUB)
    shared.stores[0].write(GITHUB, theirs)
    assert shared.given(0) == {"OTHER": "canary-one-other"}
    done = shared.homes[0].verbs(*ENV)
    assert (done.status, "staging/github is withheld (unapproved)" in done.err) == (1, True)
    shared.stores[0].write(GITHUB, own)
    assert shared.given(0) == shared.homes[0].current
    tried("two homes share one keyring", 1)


def test_what_one_ends_the_other_keeps(shared: Shared, tried: Tried) -> None:
    one, other = shared.homes
    before = {item: text_of(shared.stores[1], item) for item in shared.stores[1].items()}
    assert one.verbs("expire", "staging/github", "--yes").status == 0
    assert one.verbs("refresh", "staging/other", given="canary-one-fresh").status == 0
    assert one.verbs("remove", "staging/old", "--yes").status == 0
    assert one.verbs("profile", "rename", "prod", "production").status == 0
    assert shared.given(0) == {"OTHER": "canary-one-fresh"}
    assert shared.given(1) == other.current
    assert {item: text_of(shared.stores[1], item) for item in shared.stores[1].items()} == before
    tried("two homes share one keyring", 4)
