"""The shipped themes: readable, and complete."""

from pathlib import Path

import pytest
from textual.color import Color

from keybound.domain.errors import BadInputError
from keybound.tui import themes

COLOURED = ["keybound-dark", "keybound-light"]
TEXTS = ["muted", "group", *(name for name in themes.FALLBACK if name.startswith("state-"))]


def luminance(colour: Color) -> float:
    """Relative luminance as WCAG defines it."""
    parts = [part / 255 for part in colour.rgb]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lights = sorted((luminance(Color.parse(one)), luminance(Color.parse(other))))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


@pytest.mark.parametrize("name", COLOURED)
def test_text_has_a_contrast_of_four_and_a_half(name: str) -> None:
    theme = themes.read(themes.shipped_folder() / f"{name}.toml")
    table = {**theme.variables, "foreground": theme.foreground or "", "accent": theme.accent or ""}
    grounds = [theme.background, theme.panel, theme.surface, table["sel"], table["chip"]]
    worst = [
        (contrast(table[text], ground or ""), text, ground)
        for text in [*TEXTS, "foreground", "accent"]
        for ground in grounds
    ]
    assert min(worst)[0] >= 4.5, min(worst)
    assert contrast(table["on-accent"], table["accent"]) >= 4.5


def test_three_themes_are_shipped_and_read() -> None:
    found, faults = themes.load("")
    assert {theme.name for theme in found} == {"keybound-dark", "keybound-light", "keybound-ansi"}
    assert faults == []


def test_the_ansi_theme_uses_only_the_terminals_colours() -> None:
    theme = themes.read(themes.shipped_folder() / "keybound-ansi.toml")
    values = [theme.primary, theme.background, theme.foreground, *(theme.variables[n] for n in themes.FALLBACK)]
    assert theme.ansi
    assert all(str(value).startswith("ansi_") for value in values)


@pytest.mark.parametrize(
    ("text", "said"),
    [("x = ", "cannot be read"), ("[colors]\n", "primary"), ('[colors]\nprimary = "#12"', "not a theme"),
     ('colour = 1\n[colors]\nprimary = "red"', "colour is not known"), ("[colors]\nprimary = 3", "in quotes")],
)  # fmt: skip
def test_a_broken_theme_says_what_is_wrong(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(BadInputError, match=said):
        themes.read(path)
