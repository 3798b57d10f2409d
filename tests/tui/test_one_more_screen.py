"""One more screen, from outside: one row of its table. It has a key, a tab, a count and a place in the palette."""

import pytest
from textual.app import ComposeResult

from keybound.tui.canvas import Canvas
from keybound.tui.frame.pane import Pane
from keybound.tui.frame.tabs import TABS, Tab
from keybound.tui.hints import HELP, PALETTE, Hint
from keybound.tui.styled_text import Line, line
from support.tui import driven


class Rates(Canvas, can_focus=True):
    def lines(self, width: int) -> list[Line]:
        return [line(("ten releases an hour", ""))]


class RatesPane(Pane):
    lost = ""

    def compose(self) -> ComposeResult:
        yield Rates()

    def refresh_view(self) -> None:
        self.main().repaint()

    def hints(self) -> list[Hint]:
        return [Hint("z", "reset", 1), HELP, PALETTE]

    def main(self) -> Rates:
        return self.query_one(Rates)

    def leave_question(self) -> str:
        return self.lost


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(TABS, "Rates", Tab(f"{__name__}:RatesPane", lambda overview: len(overview.profiles)))
    return "Rates"


async def test_a_screen(screen: str) -> None:
    async with driven() as app:
        tab = f" 6 {screen} {len(app.app.overview.profiles)} "
        assert tab in app.shown
        await app.press("6")
        assert "ten releases an hour" in app.shown
        assert "z reset" in app.shown
        pane = app.app.main_screen.pane
        assert isinstance(pane, RatesPane)
        assert app.app.focused is pane.main()
        pane.lost = "the rates"
        await app.press("1")
        assert f" 6 {screen}* " in app.shown
        assert screen in [command.title for command in app.app.main_screen.commands()]
        await app.press("question_mark")
        assert "1-6" in app.shown


def test_it_was_added_from_outside() -> None:
    assert "Rates" not in TABS
