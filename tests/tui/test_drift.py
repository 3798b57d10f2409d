"""The Drift screen: the file's difference, ways out that are walked, a filter, and what is muted."""

from collections.abc import Sequence

from keybound.custody.view_models.overview import EventView, Overview
from keybound.domain.verdict.states import State
from keybound.domain.verdict.verdict import Shown
from support.sample_service import NOW, OVERVIEW, SampleService
from support.tui import Driven, driven


def with_value(key: str, value: str) -> Overview:
    """The sample with another present value of a key."""
    tokens = [
        token._replace(bound=tuple(row._replace(now=Shown(value)) if row.key == key else row for row in token.bound))
        for token in OVERVIEW.tokens
    ]
    return OVERVIEW._replace(tokens=tuple(tokens))


def subtitle(app: Driven) -> str:
    return str(app.canvas("#outside").border_subtitle)


async def test_the_files_lines_as_approved_and_as_they_are() -> None:
    async with driven() as app:
        await app.press("4")
        said = app.said("#drift")
        assert "- beta_writes = false" in said
        assert "+ beta_writes = true" in said
        await app.press("n")
        assert "beta_writes" not in app.said("#drift")


class Approved(SampleService):
    """The deploy token was approved a while ago, and before that another time."""

    def journal(self, limit: int, token: str = "") -> Sequence[EventView]:
        old, new = (
            EventView(seq, at, "approved", "staging/deploy", f"keybound ({seq}) ~", "1 reading", State.ACTIVE)
            for seq, at in ((7, NOW - 90_000), (8, NOW - 80_000))
        )
        return [*super().journal(limit, token), new, old]


async def test_who_approved_and_who_noticed() -> None:
    async with driven(Approved()) as app:
        await app.press("4")
        said = app.said("#drift").partition("What it affects")[0]
        assert "by keybound (8) ~" in said
        assert "keybound (7)" not in said
        assert "noticed 14:02:11 today by keybound (3312) ~" in said


async def test_a_way_out_is_walked_to_and_taken() -> None:
    async with driven() as app:
        await app.press("4", "enter", "enter")
        assert "Writes flags.beta_writes = false" in app.shown
        await app.press("escape", "down", "down", "enter")
        assert app.dialog == "Approve"


async def test_on_few_rows_the_ways_out_come_into_view() -> None:
    async with driven(size=(80, 24)) as app:
        await app.press("4", "enter")
        assert "▌ u  Put the value back" in app.shown


async def test_a_filter_keeps_what_matches() -> None:
    async with driven() as app:
        await app.press("4", "slash")
        await app.type("npmrc")
        assert "flags.beta_writes" not in app.said("#outside")
        await app.press("enter")
        assert app.app.main_screen.pane.target() == "staging/registry"
        await app.press("slash")
        await app.type(" nothing")
        assert "No matches" in app.said("#outside")
        await app.press("escape")
        assert "flags.beta_writes" in app.said("#outside")


async def test_what_is_muted_is_listed_last_until_its_value_changes() -> None:
    service = SampleService()
    async with driven(service) as app:
        await app.press("4", "z")
        assert subtitle(app).endswith(", 1 muted")
        said = app.said("#outside")
        assert said.index("Muted") < said.index("flags.beta_writes")
    async with driven(service) as app:
        await app.press("4")
        assert subtitle(app).endswith(", 1 muted"), "also at the next start"
        service.view = with_value("flags.beta_writes", "maybe")
        app.app.look_again()
        await app.settle()
        assert "muted" not in subtitle(app)
        service.view = OVERVIEW
        app.app.look_again()
        await app.settle()
        assert "muted" not in subtitle(app), "what changed meanwhile asks again"


async def test_muting_is_taken_back_by_the_same_key() -> None:
    async with driven() as app:
        await app.press("4", "z", "z")
        assert "muted" not in subtitle(app)
