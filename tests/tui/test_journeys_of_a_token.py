"""What a person wants done with a token, by as few keys as it takes; docs/guide.md tells the same keys."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from keybound.custody.context.context import Context
from keybound.domain.verdict.states import State
from support.staging import REST, Run, furnish
from tui.test_journeys import Journey, journey

GITHUB = "staging/github"
GUIDE = (Path(__file__).parents[2] / "docs" / "guide.md").read_text()


@pytest.fixture
def staging(keybound: Run, profiles: Path, home: Path) -> Path:
    furnish(keybound, profiles, home)
    return profiles / "staging.toml"


@pytest.fixture
def context(environ: dict[str, str], home: Path) -> Context:
    return Context({**environ, "KEYBOUND_PROFILE": "staging"}, str(home))


def told(name: str) -> int:
    """How many keys the guide says that a journey takes."""
    row = re.search(rf"^\| {re.escape(name)} \|.*\| (\d+) \|$", GUIDE, re.MULTILINE)
    assert row is not None, f"the guide tells of no journey {name!r}"
    return int(row.group(1))


def switched_on(path: Path) -> None:
    path.write_text(path.read_text().replace("beta_writes = false ", "beta_writes = true "))
    time.sleep(REST)


async def becomes(person: Journey, state: State) -> None:
    await until(person, lambda: person.tokens.get(GITHUB) is state)


async def until(person: Journey, true: Callable[[], bool]) -> None:
    for _ in range(200):
        if true():
            return
        await person.look()
    raise AssertionError(f"it never came:\n{person.shown}")


async def test_why_did_it_die(staging: Path, context: Context) -> None:
    switched_on(staging)
    async with journey(context) as person:
        await becomes(person, State.EXPIRED)
        await person.comes("beta_writes is true, bound to false")
        assert person.keys == told("why a token died") == 0


async def test_put_it_back(staging: Path, context: Context) -> None:
    switched_on(staging)
    async with journey(context) as person:
        await becomes(person, State.EXPIRED)
        await person.press("u")
        await person.comes("Put flags.beta_writes back?")
        await person.press("enter")
        await until(person, lambda: "beta_writes = false" in staging.read_text())
        await person.settled()
        await person.press("A")
        await person.comes("Approve")
        await person.press("enter")
        await becomes(person, State.ACTIVE)
        assert person.keys == told("put it back, and approve") <= 12


async def test_rotate(staging: Path, context: Context) -> None:
    async with journey(context) as person:
        await becomes(person, State.ACTIVE)
        await person.press("r")
        await person.comes("Refresh staging/github")
        await person.paste("another-secret-of-github")
        await person.press("enter")
        await person.comes("has a new secret")
        assert person.keys == told("rotate it by hand") <= 12


async def test_export_to_this_shell(
    staging: Path, environ: dict[str, str], home: Path, tmp_path: Path, profiles: Path
) -> None:
    (profiles / "default.toml").write_text("schema = 1\n")
    (tmp_path / "switch").touch()
    hooked = {**environ, "KEYBOUND_PROFILE": "default", "KEYBOUND_SWITCH_FILE": str(tmp_path / "switch")}
    async with journey(Context(hooked, str(home))) as person:
        await becomes(person, State.ACTIVE)
        await person.press("p")
        await person.comes("To staging")
        await person.press("enter")
        await until(person, lambda: "staging" in (tmp_path / "switch").read_text())
        await person.press("q")
        assert person.keys == told("export a profile's tokens to this shell") <= 12


async def test_find_unused(staging: Path, context: Context) -> None:
    async with journey(context, (120, 40)) as person:
        await becomes(person, State.ACTIVE)
        await person.press("slash", *"unused", "enter")
        await person.comes("filter unused")
        assert person.keys == told("find what is unused") <= 12


async def test_recover_from_a_locked_store(
    staging: Path, context: Context, environ: dict[str, str], home: Path
) -> None:
    context.store.lock()
    asked = {name: value for name, value in environ.items() if not name.startswith("KEYBOUND_PASSWORD")}
    password = Path(environ["KEYBOUND_PASSWORD_FILE"]).read_text().strip()
    async with journey(Context({**asked, "KEYBOUND_PROFILE": "staging"}, str(home))) as person:
        await person.comes("is locked")
        await person.press(*password, "enter")
        await becomes(person, State.ACTIVE)
        assert person.keys - len(password) == told("open a locked store, after its passphrase") <= 12


async def test_widen(staging: Path, context: Context) -> None:
    switched_on(staging)
    async with journey(context, (120, 40)) as person:
        await becomes(person, State.EXPIRED)
        await person.press("w")
        await person.comes("flags.beta_writes")
        await person.settled()
        await person.press("enter")
        await until(person, lambda: "one_of = [false, true]" in staging.read_text())
        await person.settled()
        await person.press("A")
        await person.comes("Approve")
        await person.press("enter")
        await becomes(person, State.ACTIVE)
        assert person.keys == told("widen its boundary, and approve") <= 12
