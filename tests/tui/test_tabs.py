"""What every screen promises to the frame."""

from pathlib import Path

import pytest

from keybound.tui.app_protocol import EMPTY
from keybound.tui.frame.tabs import TABS, folders, position
from keybound.tui.hints import HELP, PALETTE
from support.sample_service import OVERVIEW, SampleService
from support.tui import driven

TUI = Path(__file__).parents[2] / "app" / "keybound" / "tui"


@pytest.mark.parametrize("overview", [OVERVIEW, EMPTY], ids=["full", "empty"])
@pytest.mark.parametrize("name", TABS)
async def test_what_every_screen_promises(name: str, overview: object) -> None:
    async with driven(SampleService(OVERVIEW if overview is OVERVIEW else EMPTY), size=(100, 30)) as app:
        while app.dialog:
            await app.press("escape")
        await app.press(str(position(name) + 1))
        pane = app.app.main_screen.pane
        assert f" {position(name) + 1} {name} " in app.shown
        assert pane.main().can_focus
        assert app.app.focused in list(pane.query("*"))
        assert list(pane.hints())[-2:] == [HELP, PALETTE]
        assert all(hint.word for hint in pane.hints())
        assert pane.explain()
        assert set(pane.targets()) <= {token.id for token in app.app.overview.tokens}
        assert pane.target() in ("", *pane.targets())
        assert not pane.leave_question()
        assert name in [command.title for command in app.app.main_screen.commands()]
        pane.refresh_view()
        await app.settle()


def test_every_screen_has_a_folder_with_its_style() -> None:
    assert len(folders()) == len(TABS)
    assert all((TUI / name / f"{name}.tcss").is_file() for name in folders())
