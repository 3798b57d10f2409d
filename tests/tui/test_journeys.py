"""What a person wants done, by as few keys as it takes: each journey counts them, on a real home."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import pytest
from textual import events

from keybound.custody.application.app_service import CustodyAppService
from keybound.custody.context.context import Context
from keybound.domain.verdict.states import State
from keybound.tui.app import KeyboundApp
from support.plain_home import GITHUB, furnish_plain
from support.sample_service import SampleService
from support.tui import Driven, settle

ROOMY = 0.05  # seconds between two looks


class Journey:
    """A person at the application; ``keys`` is how many were pressed. A paste is one."""

    def __init__(self, app: Driven) -> None:
        self._app = app
        self.keys = 0

    async def press(self, *keys: str) -> None:
        self.keys += len(keys)
        await self._app.press(*keys)

    async def paste(self, text: str) -> None:
        self.keys += 1
        self._app.app.post_message(events.Paste(text))
        await self._app.settle()

    async def comes(self, wanted: str) -> None:
        """Wait until the screen shows it."""
        for _ in range(600):
            if wanted in self._app.shown:
                return
            await self._app.pilot.pause(ROOMY)
        raise AssertionError(f"{wanted!r} never came:\n{self._app.shown}")

    @property
    def shown(self) -> str:
        """What the screen shows."""
        return self._app.shown

    async def look(self) -> None:
        """Wait a little."""
        await self._app.pilot.pause(ROOMY)

    async def settled(self) -> None:
        """Wait until nothing is under way."""
        await self._app.settle()

    @property
    def tokens(self) -> dict[str, State]:
        return {token.id: token.state for token in self._app.app.overview.tokens}

    async def has(self, count: int) -> None:
        """Wait until there are so many tokens."""
        for _ in range(600):
            if len(self.tokens) == count:
                return
            await self._app.pilot.pause(ROOMY)
        raise AssertionError(f"{count} tokens never came:\n{self._app.shown}")


@pytest.fixture
def context(environ: dict[str, str], home: Path) -> Iterator[Context]:
    made = Context(environ, str(home))
    yield made
    if made.store_kind():
        made.store.lock()


@asynccontextmanager
async def journey(context: Context, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Journey]:
    app = KeyboundApp(CustodyAppService(context))
    async with app.run_test(size=size, notifications=True) as pilot:
        await settle(pilot)
        yield Journey(Driven(pilot, cast(SampleService, app.service)))


async def test_first_token_from_an_empty_machine(context: Context) -> None:
    async with journey(context) as person:
        await person.comes("comes from KEYBOUND_PASSWORD_FILE")
        await person.press("enter")  # the store, and a profile
        await person.comes("look at a demo")
        await person.press("a")
        await person.paste(GITHUB)
        await person.press("enter")
        await person.has(1)
        assert person.tokens == {"default/github": State.ACTIVE}
        assert person.keys <= 4


async def test_a_passphrase_typed_twice_is_all_that_files_add(context: Context) -> None:
    typed = Context({k: v for k, v in context.environ.items() if "KEYBOUND_" not in k}, context.environ["HOME"])
    async with journey(typed) as person:
        await person.comes("Again")
        words = "a keen ox"
        await person.press(*words.replace(" ", "_"), "enter", *words.replace(" ", "_"), "enter")
        await person.comes("look at a demo")
        await person.press("a")
        await person.paste(GITHUB)
        await person.press("enter")
        await person.has(1)
        assert person.keys - 2 * len(words) <= 5
    typed.store.lock()


async def test_first_token_on_a_ready_home(context: Context, open_store: None) -> None:
    CustodyAppService(context).first_run.first_profile("default")
    async with journey(context) as person:
        await person.comes("look at a demo")
        await person.press("a")
        await person.paste(GITHUB)
        await person.press("enter")
        await person.has(1)
        assert person.tokens == {"default/github": State.ACTIVE}
        assert person.keys <= 3


async def test_take_in_twelve_plain_tokens(context: Context, home: Path) -> None:
    furnish_plain(home)
    context = Context(context.environ, str(home / "project"))
    async with journey(context, (120, 40)) as person:
        await person.comes("comes from KEYBOUND_PASSWORD_FILE")
        await person.press("enter")
        await person.comes("look at a demo")
        await person.press("i")
        await person.comes("⏎ import")
        await person.press("enter")
        await person.comes("11 tokens stored")
        await person.press("enter")
        await person.has(11)
        assert set(person.tokens.values()) <= {State.ACTIVE, State.WARNING}
        assert person.keys <= 4


async def test_switch_profile(context: Context, open_store: None, profiles: Path) -> None:
    CustodyAppService(context).first_run.first_profile("default")
    (profiles / "staging.toml").write_text("schema = 1\n")
    async with journey(context) as person:
        await person.comes("look at a demo")
        await person.press("escape")
        person.keys = 0
        await person.press("p")
        await person.comes("To staging")  # the one in use is the last
        await person.press("enter")
        await person.comes("staging ▾")
        assert person.keys <= 2
