"""Themes from TOML files, as the shipped ones and the user's own are."""

import re
import tomllib
from pathlib import Path
from typing import Any

from textual.color import Color, ColorParseError
from textual.theme import Theme

from keybound.custody.context.theme_files import shipped_folder
from keybound.domain.errors import BadInputError

DEFAULT = "keybound-dark"
LIGHT = "keybound-light"
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


def read_folder(folder: Path) -> tuple[list[Theme], list[str]]:
    """Read every theme of a folder; a broken one becomes one line in the second list."""
    themes: list[Theme] = []
    faults: list[str] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            themes.append(read(path))
        except BadInputError as error:
            faults.append(str(error).replace("\n", " "))
    return themes, faults


def read(path: Path) -> Theme:
    """Read one theme file; raise BadInputError that says what is wrong with it, and at which line."""
    try:
        text = path.read_text("utf-8")
        table = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInputError(f"cannot be read: {error}", where=path.name) from None
    try:
        return _theme(table, path.stem)
    except _BadKeyError as error:
        raise BadInputError(str(error), where=_place(path.name, text, error.key)) from None


class _BadKeyError(ValueError):
    """What is wrong with a key of a theme."""

    def __init__(self, key: str, wrong: str) -> None:
        super().__init__(f"{key} {wrong}")
        self.key = key


def _place(name: str, text: str, key: str) -> str:
    """``mine.toml:3``: where the key stands, or else the file."""
    last = re.escape(key.rpartition(".")[2])
    lines = text.split("\n")
    numbers = [at for at, line in enumerate(lines, 1) if re.match(rf"\s*(\[\s*)?[\"']?{last}\b", line)]
    return f"{name}:{numbers[0]}" if numbers else name


def _theme(table: dict[str, Any], stem: str) -> Theme:
    _known("", table, _KNOWN)
    name, dark = table.get("name", stem), table.get("dark", True)
    if not isinstance(name, str) or not re.fullmatch(r"[\w.-]+", name) or name == "auto":
        raise _BadKeyError("name", 'is letters, digits, ".", "_" and "-", and not "auto"')
    for flag in ("dark", "ansi"):
        if not isinstance(table.get(flag, True), bool):
            raise _BadKeyError(flag, "is true or false")
    colours = _colours("colors", table, _COLOURS)
    variables = {**_defaults(dark), **_colours("variables", table, frozenset(FALLBACK))}
    if "primary" not in colours:
        raise _BadKeyError("colors.primary", "is missing")
    return Theme(
        name=name,
        dark=dark,
        ansi=table.get("ansi", False),
        variables={**variables, **_widget_colours(colours, variables)},
        **colours,  # type: ignore[arg-type]
    )


def _known(prefix: str, table: dict[str, Any], names: frozenset[str]) -> None:
    if unknown := sorted(table.keys() - names):
        raise _BadKeyError(f"{prefix}{unknown[0]}", "is not known")


def _colours(part: str, table: dict[str, Any], names: frozenset[str]) -> dict[str, str]:
    found = table.get(part, {})
    if not isinstance(found, dict):
        raise _BadKeyError(part, "is not a table")
    _known(f"{part}.", found, names)
    for name, value in found.items():
        if not isinstance(value, str):
            raise _BadKeyError(f"{part}.{name}", "is not a colour in quotes")
        try:
            Color.parse(value)
        except ColorParseError:
            raise _BadKeyError(f"{part}.{name}", f"is not a colour: {value!r}") from None
    return found


def _defaults(dark: bool) -> dict[str, str]:
    """The variables that a theme need not give."""
    if dark:
        return FALLBACK
    light = tomllib.loads((shipped_folder() / f"{LIGHT}.toml").read_text("utf-8"))
    variables: dict[str, str] = light["variables"]
    return variables


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
        "input-selection-background": colours.get("foreground", variables["muted"]),  # the field's own ground is sel
        "input-selection-foreground": colours.get("background", variables["on-accent"]),
        "ansi-background": "ansi_black",
        "ansi-foreground": "ansi_white",
    }
