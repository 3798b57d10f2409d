"""A proof marks what the guard was given, not what came after; and a release on it asks for every one of its inputs."""

import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import patch

import pytest

from keybound.custody import quick
from keybound.custody.add import NewDefinition, add
from keybound.custody.approve import approve_part
from keybound.custody.keeper import Keeper
from keybound.custody.proof import proof_path, stamp_of
from keybound.custody.prove import keep_proof
from keybound.custody.quick_choice import QuickChoice
from keybound.custody.release import Asked, Released, release
from keybound.domain import guard
from keybound.domain.names import parse_token_id
from keybound.domain.secret import Secret, unwrap
from keybound.domain.states import Way
from keybound.stores import age_quick, kernel_keyring
from keybound.stores.age_file import AgeFileStore

TEXT = """
[files]
local = "{root}/local"
[roles]
active = ["reader"]
[roles.grants]
reader = ["repo:read"]
[env]
PLAIN = "plain"
[tokens.t]
env = ["FIRST", "SECOND"]
scopes = ["repo:read"]
bound."file:local" = {{ mode_at_most = "0600" }}
"""


@pytest.fixture
def keeper(environ: dict[str, str], tmp_path: Path, home: Path, open_store: None) -> Iterator[Keeper]:
    """A home with one token, and a profile's own seal; everything was released once."""
    if not kernel_keyring.put("keybound:test", Secret("nothing"), 1):
        pytest.skip("the kernel keeps no identity here")
    keeper = Keeper(environ, str(tmp_path))
    path = Path(keeper.home.profile_path("p"))
    path.parent.mkdir(parents=True)
    (home / "local").write_text("x")
    (home / "local").chmod(0o600)
    path.write_text(TEXT.format(root=home))
    with patch.object(guard, "SETTLE_NS", 0):
        approve_part(keeper, "p")
        add(keeper, NewDefinition(parse_token_id("p/t")), Secret("canary"))
        ask(keeper)
        yield keeper
    keeper.store.lock()
    keeper.close()


def ask(keeper: Keeper) -> Released:
    """The full protocol."""
    return release(keeper, "p", Asked(Way.SHELL, {}, wait=False))


def quickly(keeper: Keeper, profile: str = "p") -> dict[str, bytes] | None:
    """What a release on the proof hands over; None where the full protocol must decide."""
    proof = quick.find_proof(keeper.environ, QuickChoice(profile))
    found = quick.quick_release(keeper.environ, keeper.asker.cwd, proof, "shell", {}) if proof else None
    return {name: unwrap(secret) for name, (_, secret) in found[1].items()} if found else None


def test_everything_is_as_it_was(keeper: Keeper) -> None:
    assert quickly(keeper) == {"FIRST": b"canary", "SECOND": b"canary"}


def seal(keeper: Keeper) -> Path:
    return Path(keeper.home.data, "store", "p", "@profile.age")


@pytest.mark.parametrize("change", [Path.unlink, lambda path: path.write_bytes(b"junk")], ids=["gone", "damaged"])
def test_the_profiles_own_seal_is_asked_for(keeper: Keeper, change: Callable[[Path], object]) -> None:
    change(seal(keeper))
    assert quickly(keeper) is None
    assert {one.id for one in ask(keeper).withheld} == {"p", "p/t"}


def test_an_older_seal_put_back_is_seen(keeper: Keeper) -> None:
    older, path = seal(keeper).read_bytes(), Path(keeper.home.profile_path("p"))
    path.write_text(path.read_text().replace('"plain"', '"other"'))
    approve_part(keeper, "p")
    ask(keeper)
    assert quickly(keeper) is not None
    seal(keeper).write_bytes(older)
    assert quickly(keeper) is None


def test_a_policy_that_came_while_the_store_answered_is_not_what_was_judged(keeper: Keeper) -> None:
    read = AgeFileStore.read

    def slow(store: AgeFileStore, items: list[object]) -> object:
        Path(keeper.home.policy).write_text('outside = "warn"\n')
        return read(store, items)  # type: ignore[arg-type]

    with patch.object(AgeFileStore, "read", slow):
        assert not ask(keeper).withheld  # the definition is read once, before the store
    assert quickly(keeper) is None
    assert ask(keeper).withheld


def test_a_mode_that_changed_before_the_proof_was_made_is_not_what_was_judged(keeper: Keeper, home: Path) -> None:

    def late(*arguments: object) -> None:
        (home / "local").chmod(0o644)
        keep_proof(*arguments)  # type: ignore[arg-type]

    with patch("keybound.custody.release.keep_proof", late):
        assert not ask(keeper).withheld
    assert quickly(keeper) is None
    assert ask(keeper).withheld


def test_the_proof_of_one_profile_is_none_for_another(keeper: Keeper) -> None:
    path = proof_path(keeper.home.state, "p")
    Path(path).with_name("q").write_bytes(Path(path).read_bytes())
    assert quickly(keeper, "q") is None


def test_what_a_kill_leaves_of_a_proof_is_no_profiles_proof(keeper: Keeper) -> None:
    left: list[str] = []
    with patch.object(os, "replace", lambda source, target: left.append(os.path.basename(source))):
        ask(keeper)
    assert left
    assert left[0].startswith(".")  # no profile's name does


def test_time_counts_as_it_is_once_the_store_has_answered(keeper: Keeper) -> None:
    proof = quick.find_proof(keeper.environ, QuickChoice("p"))
    assert proof is not None
    proof.until = int(time.time()) + 1
    read = age_quick.read_places

    def slow(config: str, data: str, places: list[str]) -> list[bytes]:
        time.sleep(1.1)
        return read(config, data, places)

    with patch.object(age_quick, "read_places", slow):
        assert quick.quick_release(keeper.environ, keeper.asker.cwd, proof, "shell", {}) is None


def test_a_file_of_its_own_that_was_written_with_its_time_put_back_has_another_stamp(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    path.write_text("one")
    before, times = stamp_of(str(path)), path.stat()
    time.sleep(0.02)  # clocks of file systems tick coarsely
    path.write_text("two")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert stamp_of(str(path)) != before


@pytest.mark.parametrize(
    ("part", "junk"),
    [("stamps", []), ("seal", 1), ("times", {"after": "", "until": float("inf")}), ("tokens", {"a": 1})],
)
def test_a_proof_of_another_shape_is_passed_over(keeper: Keeper, part: str, junk: object) -> None:
    path = Path(proof_path(keeper.home.state, "p"))
    body, macs = path.read_text().splitlines()
    path.write_text(json.dumps({**json.loads(body), part: junk}) + f"\n{macs}\n")
    assert quickly(keeper) is None
