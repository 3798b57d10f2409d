"""Binding: keys are found by typing, several are marked, and the consequence is there before Enter."""

from collections.abc import Sequence

from textual.widgets import Input

from support.sample_service import SampleService
from support.tui import driven

TO_GITHUB = ("down", "down", "down", "b")


async def test_typing_finds_by_key_value_and_origin() -> None:
    async with driven() as app:
        await app.press(*TO_GITHUB)
        assert "5 of 5 keys" in app.shown
        await app.type("ACME")  # only in a value
        assert "1 of 5 keys" in app.shown
        assert "git:remote.origin.url is git@github.com:acme/api.git" in app.shown
        assert "git's" in app.shown
        await app.type("q")
        assert "no key or value has this" in app.shown
        assert app.app.screen.query_one("#rule", Input).value == ""
        await app.press("backspace", "enter")
        said = 'git:remote.origin.url outside=suspend equals="git@github.com:acme/api.git"'
        assert [(call[0], *call[2:]) for call in app.service.calls] == [("bind", said)]


async def test_several_keys_are_bound_at_once_each_with_its_reaction() -> None:
    async with driven() as app:
        await app.press(*TO_GITHUB, "down", "space", "down", "down", "space", "right")
        assert "2 marked" in app.shown
        assert "Binds 2 keys" in app.shown
        await app.press("enter")
        wanted = ('roles.active outside=expire subset_of=["deployer"]', "flags.beta_writes outside=ignore equals=true")
        assert [call[2:] for call in app.service.calls] == [wanted]


async def test_leaving_marked_keys_is_asked_about() -> None:
    async with driven() as app:
        await app.press(*TO_GITHUB, "space", "escape")
        assert app.dialog == "Confirm"
        assert app.service.calls == []


class Harmful(SampleService):
    """Only one key has a consequence."""

    def bind_harm(self, token: str, *binds: str) -> Sequence[str]:
        return [f"{token} would expire"] if binds[0].startswith("roles.active") else []


async def test_the_consequence_is_there_before_enter() -> None:
    async with driven(Harmful()) as app:
        await app.press(*TO_GITHUB)
        assert "would expire" not in app.shown
        await app.press("down")
        assert "would expire" in app.shown
        await app.press("down")
        assert "would expire" not in app.shown


async def test_letters_that_are_keys_elsewhere_only_find() -> None:
    async with driven(keys={"preset": "vim"}) as app:
        await app.press(*TO_GITHUB)
        await app.type("jq")
        assert app.dialog == "Bind"
        assert "Find  jq" in app.shown
