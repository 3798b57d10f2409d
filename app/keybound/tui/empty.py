"""What an empty screen says: what has to be there first, and the key that makes it."""

from collections.abc import Sequence

from keybound.tui.app_protocol import AppProtocol
from keybound.tui.styled_text import Line, line


def lacks(app: AppProtocol) -> list[Line]:
    """What a home lacks before there is a token; nothing where there is one, or where that is not known yet."""
    overview = app.overview
    if not app.ready or overview.tokens or overview.orphans:
        return []
    if overview.store_status == "none":
        return [line(("No store yet.", "bold")), _keys(app, ("lock", "choose where secrets are kept"))]
    if not overview.profiles:
        return [line(("No profile yet.", "bold")), _keys(app, ("profile", "make the first one"))]
    made = [line(("No token yet.", "bold"))]
    if any(each.name == overview.active for each in overview.profiles):
        return [*made, _keys(app, ("add", "add one"), ("import", "take in the plain ones of this machine"))]
    return [*made, _keys(app, ("profile", "choose the profile that it belongs to"))]


def none_yet(app: AppProtocol) -> str:
    """Why an action on a token has nothing to act on, with the key to press; "" where a token can be selected."""
    rows = ["".join(piece.text for piece in row).strip() for row in lacks(app)]
    return " ".join(rows)


def _keys(app: AppProtocol, *ways: tuple[str, str]) -> Line:
    pieces = [
        piece
        for name, word in ways
        for piece in line((app.keyboard.key(name), "bold accent"), (f" {word}   ", "muted"))
    ]
    return tuple(pieces)


def indented(rows: Sequence[Line], by: int = 1) -> list[Line]:
    """The same lines further to the right."""
    return [(*line(" " * by), *row) for row in rows]
