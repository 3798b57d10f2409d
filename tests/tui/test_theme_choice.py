"""Which theme is worn: chosen, following the terminal, or read again when its file is saved."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from keybound.custody.context.theme_files import shipped_folder
from keybound.tui import themes
from support.tui import Driven, driven

MINE = 'name = "mine"\n[colors]\nprimary = "{}"\n'


async def saved(app: Driven, path: Path, text: str) -> None:
    """A file is saved, and the watch reports it."""
    path.write_text(text)
    os.utime(path, ns=(1, path.stat().st_mtime_ns + 1))
    app.app._settled()
    await app.press("escape")


async def test_a_theme_is_worn_and_a_broken_one_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(MINE.format("#ff00ff"))
    (tmp_path / "broken.toml").write_text('[colors]\nprimary = "no colour [b]"\n')
    async with driven(home_themes=str(tmp_path), theme="mine") as app:
        assert app.app.theme == "mine"
        assert app.toasts == ["broken.toml:2: colors.primary is not a colour: 'no colour [b]'"]
        await app.press("t")
        assert app.app.theme != "mine"


@pytest.mark.parametrize("name", ["nothing", "monokai", "textual-dark"])
async def test_an_unknown_theme_is_said(name: str) -> None:
    async with driven(theme=name) as app:
        assert app.app.theme == "keybound-dark"
        assert app.toasts == [f"unknown theme {name}; using keybound-dark"]


async def test_every_theme_has_its_place_in_the_palette() -> None:
    async with driven() as app:
        offered = {command.title for command in app.app.get_system_commands(app.app.screen)}
        shipped, _ = themes.read_folder(shipped_folder())
        assert {f"Theme: {theme.name}" for theme in shipped} | {"Theme: auto"} <= offered
        assert "Theme: monokai" not in offered


async def test_the_next_theme_comes_round_to_the_first() -> None:
    async with driven() as app:
        seen = []
        for _ in app.app.themes.names:
            await app.press("t")
            seen.append(app.app.themes.wanted)
        assert seen == [*app.app.themes.names[1:], "auto"]


async def test_a_theme_that_is_saved_is_worn_at_once(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(MINE.format("#ff00ff"))
    async with driven(home_themes=str(tmp_path), theme="mine") as app:
        before = app.app.styled.style("accent").color
        await saved(app, path, MINE.format("#00ffff") + 'accent = "#00ffff"\n')
        after = app.app.styled.style("accent").color
        assert before != after
        assert after is not None
        assert after.get_truecolor().hex == "#00ffff"
        assert app.toasts == []


async def test_a_theme_that_is_saved_broken_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(MINE.format("#ff00ff"))
    async with driven(home_themes=str(tmp_path), theme="mine") as app:
        before = app.app.styled.style("accent").color
        await saved(app, path, "name = mine\n")
        assert app.app.theme == "mine"
        assert app.app.styled.style("accent").color == before
        assert len(app.toasts) == 1
        assert app.toasts[0].startswith("mine.toml: cannot be read")
        assert "line 1" in app.toasts[0]


async def test_a_theme_that_appears_can_be_chosen(tmp_path: Path) -> None:
    async with driven(home_themes=str(tmp_path)) as app:
        await saved(app, tmp_path / "mine.toml", MINE.format("#ff00ff"))
        app.app.use_theme("mine")
        assert app.app.theme == "mine"


async def test_the_folder_of_themes_is_watched_with_everything_else(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(MINE.format("#ff00ff"))
    watched: list[str] = []

    def watch(paths: Iterable[str], _: Callable[[], None]) -> Callable[[], None]:
        watched.extend(paths)
        return lambda: None

    async with driven(home_themes=str(tmp_path), watch=watch):
        assert {str(tmp_path), str(tmp_path / "mine.toml")} <= set(watched)


async def test_without_a_choice_the_theme_goes_with_the_terminal() -> None:
    async with driven(light=True) as app:
        assert app.app.theme == "keybound-light"
        app.app.follow_terminal(False)
        assert app.app.theme == "keybound-dark"
        app.app.use_theme("nord")
        app.app.follow_terminal(True)
        assert app.app.theme == "nord"
        app.app.use_theme("auto")
        assert app.app.theme == "keybound-light"
