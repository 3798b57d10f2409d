"""Two profiles side by side."""

from keybound.domain.profile.comparison import Difference
from keybound.domain.verdict.verdict import Shown
from keybound.tui.dialogs.profiles.compare import rows
from support.sample_service import OVERVIEW, SampleService
from support.tui import driven


def said(found: list[Difference]) -> list[str]:
    return ["".join(piece.text for piece in row).rstrip() for row in rows("staging", "prod", found)]


def test_values_stand_beside_each_other_where_they_fit() -> None:
    found = said([Difference("flags", "flags.beta", Shown("true"), None)])
    assert found[0].split() == ["staging", "prod"]
    assert found[1] == "flags"
    assert found[2].split() == ["beta", "true", "–"]


def test_a_long_value_is_never_cut() -> None:
    long = "x" * 150
    found = said([Difference("env", "env.LONG", Shown("short"), Shown(long))])
    assert [row.split() for row in found[2:5]] == [["LONG"], ["staging", "short"], ["prod", long]]


def test_two_that_are_the_same_are_said_to_be() -> None:
    assert "staging and prod do not differ." in said([])


async def test_from_the_list_of_profiles_one_is_compared_with_another() -> None:
    async with driven(size=(80, 24)) as app:
        await app.press("p", "ctrl+d")
        assert app.dialog == "ProfileForm"
        await app.press("enter")
        assert app.dialog == "CompareProfiles"
        for words in ("3 differences", "eu-west-1", "us-east-1", "tokens.deploy"):
            assert words in app.shown
        await app.press("escape")
        assert app.dialog == "Switch"


async def test_a_name_that_is_none_is_said() -> None:
    async with driven() as app:
        await app.press("p", "ctrl+d", "ctrl+u")
        await app.type("nowhere")
        await app.press("enter")
        assert app.dialog == "ProfileForm"
        assert "no such profile" in app.shown


async def test_where_there_is_one_profile_nothing_is_asked() -> None:
    one = OVERVIEW._replace(profiles=OVERVIEW.profiles[:1])
    async with driven(SampleService(one)) as app:
        await app.press("p", "ctrl+d")
        assert app.dialog == "Switch"
        assert any("no profile beside" in toast for toast in app.toasts)
