"""Themes from TOML files: the shipped ones, and the user's own."""

import tomllib
from pathlib import Path
from typing import Any

from textual.color import Color, ColorParseError
from textual.theme import Theme

from keybound.domain.errors import BadInputError

DEFAULT = "keybound-dark"
FALLBACK = {
    "muted": "#9aa4b6",
    "group": "#7d9ff7",
    "edge": "#5f697d",
    "edge-dim": "#363e4c",
    "sel": "#213049",
    "chip": "#20252f",
    "on-accent": "#0b1016",
    "state-active": "#86d18b",
    "state-warning": "#f2c063",
    "state-suspended": "#c3a5ff",
    "state-unapproved": "#70d6cf",
    "state-expired": "#ff8080",
    "state-missing": "#9aa4b6",
}
_COLOURS = frozenset(
    {"primary", "secondary", "accent", "warning", "error", "success", "foreground", "background"}
    | {"surface", "panel", "boost"}
)
_KNOWN = frozenset({"name", "dark", "ansi", "colors", "variables"})


def shipped_folder() -> Path:
    """The folder of the shipped themes: in the installed package, else in the checkout."""
    package = Path(__file__).parent.parent
    installed = package / "themes"
    return installed if installed.is_dir() else package.parent.parent / "themes"


def load(home_themes: str) -> tuple[list[Theme], list[str]]:
    """Read every theme, the user's last; a broken one becomes one line in the second list."""
    themes: list[Theme] = []
    faults: list[str] = []
    for folder in (shipped_folder(), Path(home_themes) if home_themes else None):
        for path in sorted(folder.glob("*.toml")) if folder and folder.is_dir() else ():
            try:
                themes.append(read(path))
            except BadInputError as error:
                faults.append(str(error).replace("\n", " "))
    return themes, faults


def read(path: Path) -> Theme:
    """Read one theme file; raise BadInputError that says what is wrong with it."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInputError(f"cannot be read: {error}", where=path.name) from None
    try:
        return _theme(table, path.stem)
    except (TypeError, ValueError, AttributeError, ColorParseError) as error:
        raise BadInputError(f"is not a theme: {error}", where=path.name) from None


def _theme(table: dict[str, Any], stem: str) -> Theme:
    colours, variables = table.get("colors", {}), {**FALLBACK, **table.get("variables", {})}
    unknown = [*(table.keys() - _KNOWN), *(colours.keys() - _COLOURS), *(variables.keys() - FALLBACK.keys())]
    if unknown:
        raise ValueError(f"{min(unknown)} is not known")
    if "primary" not in colours:
        raise ValueError("it has no colors.primary")
    for name, value in {**colours, **variables}.items():
        if not isinstance(value, str):
            raise TypeError(f"{name} is not a colour in quotes")
        Color.parse(value)
    return Theme(
        name=str(table.get("name", stem)),
        dark=bool(table.get("dark", True)),
        ansi=bool(table.get("ansi", False)),
        variables={**variables, **_widget_colours(colours, variables)},
        **colours,
    )


def _widget_colours(colours: dict[str, str], variables: dict[str, str]) -> dict[str, str]:
    """What Textual's own widgets take from variables of theirs."""
    return {
        "scrollbar": variables["edge-dim"],
        "scrollbar-hover": variables["edge"],
        "scrollbar-active": colours["primary"],
        "scrollbar-background": colours.get("background", "#000000"),
        "scrollbar-background-hover": colours.get("background", "#000000"),
        "scrollbar-background-active": colours.get("background", "#000000"),
        "scrollbar-corner-color": colours.get("background", "#000000"),
        "input-cursor-background": colours["primary"],
        "input-cursor-foreground": variables["on-accent"],
        "input-selection-background": variables["sel"],
        "ansi-background": "ansi_black",
        "ansi-foreground": "ansi_white",
    }
