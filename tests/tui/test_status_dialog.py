"""How things stand: each line with the key that changes it; a shell without the hook is told how to get the variables."""

import pytest

from keybound.custody.application.app_service import CustodyAppService
from keybound.custody.context.context import Context
from support.sample_service import STANDING, SampleService
from support.tui import driven

HOOK = 'eval "$(keybound hook bash)"'
EXEC = "keybound exec staging -- $SHELL"


def unhooked() -> SampleService:
    service = SampleService()
    service.standing = STANDING._replace(hook="")
    return service


async def test_it_says_what_this_shell_holds_and_what_asks_for_its_owner() -> None:
    async with driven(size=(120, 40)) as app:
        await app.press("K")
        for text in (
            "staging (pinned in this shell)   p switch",
            "holds GITHUB_TOKEN (staging/github), OLD_TOKEN",
            "bash, hooked",
            "2 unseen   N show",
            "staging/deploy  expired",
            "! an unfinished change is pending",
        ):
            assert text in app.shown
        assert HOOK not in app.shown
        await app.press("y")
        assert app.app.clipboard == ""


@pytest.mark.parametrize(("key", "copied"), [("y", HOOK), ("Y", EXEC)])
async def test_a_shell_without_the_hook_is_told_two_ways(key: str, copied: str) -> None:
    async with driven(unhooked(), size=(120, 40)) as app:
        await app.press("K")
        assert "not hooked" in app.shown
        assert HOOK in app.shown
        await app.press(key)
        assert app.app.clipboard == copied


@pytest.mark.parametrize(("key", "dialog"), [("p", "Switch"), ("N", "Alerts")])
async def test_its_keys_lead_where_they_lead_everywhere(key: str, dialog: str) -> None:
    async with driven(size=(120, 40)) as app:
        await app.press("K", key)
        await app.until(lambda: app.dialog == dialog)


def test_the_line_is_for_the_shell_of_the_person(environ: dict[str, str], home: object) -> None:
    for shell, line in (("/bin/zsh", 'eval "$(keybound hook zsh)"'), ("/usr/bin/true", "")):
        found = CustodyAppService(Context({**environ, "SHELL": shell}, str(home))).status()
        assert (found.to_hook[0], found.held) == (line, {})
