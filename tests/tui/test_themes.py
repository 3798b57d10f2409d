"""The shipped themes: readable on every surface, and complete; and what is said of a broken one."""

from itertools import combinations
from pathlib import Path

import pytest
from rich.style import Style
from textual.theme import Theme

from keybound.custody.context.theme_files import shipped_folder
from keybound.domain.errors import BadInputError
from keybound.domain.verdict.states import State
from keybound.tui import themes
from keybound.tui.styled_text import hue, line, mark
from support.contrast import WITHOUT, contrast, difference, unreadable
from support.tui import driven

SHIPPED, _ = themes.read_folder(shipped_folder())
COLOURED = [theme for theme in SHIPPED if not theme.ansi]
ANSI = "keybound-ansi"
ROWS = {"a row": "background", "the cursor's row": "sel", "a dialog": "surface", "a message": "panel", "a chip": "chip"}
SCENES = (("space",), ("2", "down", "right"), ("4",), ("5",), ("a",), ("b",), ("w",), ("3", "enter", "shift+down"))


def least(theme: Theme) -> float:
    return 7 if theme.name.startswith("high-contrast") else 4.5


def table_of(theme: Theme) -> dict[str, str]:
    own = {name: str(getattr(theme, name)) for name in ("foreground", "accent", "background", "surface", "panel")}
    return {**theme.variables, **own}


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("state", [*State, None], ids=str)
@pytest.mark.parametrize("theme", COLOURED, ids=lambda theme: theme.name)
def test_a_state_can_be_read_on_every_row(theme: Theme, state: State | None, row: str) -> None:
    table = table_of(theme)
    assert contrast(table[hue(state)], table[ROWS[row]]) >= least(theme)


@pytest.mark.parametrize("theme", COLOURED, ids=lambda theme: theme.name)
def test_other_text_can_be_read_on_every_row(theme: Theme) -> None:
    table = table_of(theme)
    for text in ("foreground", "accent", "group", "muted"):
        assert min(contrast(table[text], table[row]) for row in ROWS.values()) >= least(theme), text
    assert contrast(table["on-accent"], table["accent"]) >= least(theme)


@pytest.mark.parametrize("theme", COLOURED, ids=lambda theme: theme.name)
async def test_whatever_is_painted_can_be_read(theme: Theme) -> None:
    async with driven(theme=theme.name) as app:
        for scene in SCENES:
            await app.press("escape", "escape", "1", *scene)
            found = list(unreadable(app.front(), least(theme)))
            assert found == [], (scene, min(found))


@pytest.mark.parametrize("theme", [each for each in COLOURED if "blind" in each.name], ids=lambda theme: theme.name)
@pytest.mark.parametrize("missing", WITHOUT)
def test_states_differ_for_those_who_see_fewer_colours(theme: Theme, missing: str) -> None:
    worst = min(
        (difference(theme.variables[hue(one)], theme.variables[hue(other)], WITHOUT[missing]), one.word, other.word)
        for one, other in combinations(State, 2)
    )
    assert worst[0] > 12, worst


def test_states_differ_where_there_is_no_colour() -> None:
    assert len({mark(state).text for state in State}) == len({state.word for state in State}) == len(State)


def test_at_least_nine_themes_are_shipped_and_all_are_read() -> None:
    found, faults = themes.read_folder(shipped_folder())
    assert faults == []
    assert len(found) >= 9
    assert {"keybound-dark", "keybound-light", ANSI} <= {theme.name for theme in found}


def test_each_theme_says_at_its_head_what_it_is_after_and_under_which_licence() -> None:
    about = (shipped_folder() / "README.md").read_text()
    for path in shipped_folder().glob("*.toml"):
        head = path.read_text().split("\n", 1)[0]
        assert head.startswith("# ")
        assert "https://" not in head or "MIT" in head
        assert f"`{path.stem}`" in about
        assert themes.read(path).name == path.stem


def test_the_guide_names_them_all() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "guide.md").read_text()
    for theme in SHIPPED:
        base, _, variant = theme.name.rpartition("-")
        assert f"`{theme.name}`" in guide or (f"`-{variant}`" in guide and f"`{base}-" in guide), theme.name


def test_the_ansi_theme_uses_only_the_terminals_colours() -> None:
    theme = themes.read(shipped_folder() / f"{ANSI}.toml")
    values = [theme.primary, theme.background, theme.foreground, *(theme.variables[n] for n in themes.FALLBACK)]
    assert theme.ansi
    assert all(str(value).startswith("ansi_") for value in values)


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("words", ["on sel", "on accent"])
async def test_in_ansi_what_is_marked_has_the_terminals_own_two_colours(state: State, words: str) -> None:
    async with driven(theme=ANSI) as app:
        styled = app.app.styled
        base = Style.parse("default on default") + styled.style(words)
        row = line((state.word, f"bold {hue(state)}"), (state.glyph, f"{hue(state)} {words}"), (" x ", "on chip"))
        for segment in styled.strip(row, 40, base):
            style = segment.style
            assert style is not None
            assert style.reverse
            assert (style.color, style.bgcolor) == (base.color, base.bgcolor)


async def test_in_ansi_only_the_cursors_row_is_reversed() -> None:
    async with driven(theme=ANSI) as app:
        rows = [
            {bool(segment.style and segment.style.reverse) for segment in app.canvas("#table").render_line(at)}
            for at in range(5)
        ]
        assert rows.count({True}) == 1
        assert rows.count({False}) == 4


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = ", r"mine\.toml: cannot be read: .*at end of document"),
        ("[colors]\n", r"mine\.toml: colors\.primary is missing"),
        ('[colors]\nprimary = "#12"', r"mine\.toml:2: colors\.primary is not a colour: '#12'"),
        ('colour = 1\n[colors]\nprimary = "red"', r"mine\.toml:1: colour is not known"),
        ("[colors]\nprimary = 3", r"mine\.toml:2: colors\.primary is not a colour in quotes"),
        ('[colors]\nprimary = "red"\n[variables]\nselected = "red"', r"mine\.toml:4: variables\.selected is not known"),
        ("colors = 3", r"mine\.toml:1: colors is not a table"),
        ('dark = "no"', r"mine\.toml:1: dark is true or false"),
        ('name = "auto"', r"mine\.toml:1: name is "),
        ('name = "a b"', r"mine\.toml:1: name is "),
    ],
)
def test_a_broken_theme_says_what_is_wrong_and_where(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(BadInputError, match=said):
        themes.read(path)


def test_what_a_light_theme_leaves_out_is_light(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('dark = false\n[colors]\nprimary = "#000080"\nbackground = "#ffffff"\n')
    assert all(contrast(themes.read(path).variables[hue(state)], "#ffffff") >= 4.5 for state in State)
