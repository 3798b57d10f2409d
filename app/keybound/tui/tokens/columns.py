"""The columns of the table: which there is room for, their headings, and what a row has in them."""

from collections.abc import Collection
from datetime import datetime

from keybound.custody.view_models.tokens import TokenView
from keybound.domain.verdict.states import State
from keybound.tui.styled_text import Line, Piece, fit, hue, line, mark
from keybound.tui.words import bar, ends_soon, left, share, used

NARROW = 76  # cells that the columns of every table need
MORE = {"kind": 12, "expires": 12, "scopes": 24}  # columns that a wide table has too, and their cells
_NAME_GROWS, _VARIABLE_GROWS = 15, 9  # cells that these have before there are more columns


class Columns:
    """The columns for a width. ``hidden``: those of ``MORE`` that are not wanted."""

    def __init__(self, width: int, hidden: Collection[str] = ()) -> None:
        self.name, self.state = 13, 11
        self.bar = 8 if width >= NARROW else 6
        pane = width - (4 + self.name + self.state) - 9
        self.bounds = 7 if pane >= 7 else 0  # a column is there whole, or not at all
        self.left = 7 if self.bounds and pane - 7 >= self.bar + 7 else 0
        self.used = 6 if self.left and pane - 7 - self.bar - 7 >= 7 else 0
        self.bar = self.bar if self.left else 0
        self.variable = 9 + max(pane - self.bounds - self.bar - self.left - self.used - bool(self.used), 0)
        self.more: dict[str, int] = {}  # of MORE, with their cells
        self._widen(width, hidden)

    def _widen(self, width: int, hidden: Collection[str]) -> None:
        """First whole names and variables, then more columns; the last of these has the rest, else the variable."""
        spare = max(width - NARROW - 2, 0)  # what the variable has taken
        taken = min(spare, _NAME_GROWS)
        self.name += taken
        left = max(spare - taken - _VARIABLE_GROWS, 0)
        for title, cells in MORE.items():
            if title not in hidden and left >= cells:
                self.more[title] = cells
                left -= cells
        if "scopes" in self.more:
            self.more["scopes"] += left
        self.variable -= taken + sum(self.more.values())

    def head(self, sort: str) -> Line:
        """Names of the columns, the sorted one marked."""

        def title(text: str, by: str, width: int) -> str:
            return fit(f"{text} ▾" if sort == by else text, width)

        tail = ("used ▾" if sort == "last use" else "used").rjust(self.used) + " " if self.used else ""
        return line(
            (
                "    " + title("name", "name", self.name) + fit("variable", self.variable)
                + title("state", "state", self.state) + fit("bounds", self.bounds)
                + title("left", "time left", self.bar + self.left) + tail
                + "".join(" " + fit(each, cells - 1) for each, cells in self.more.items()),
                "muted",
            )
        )  # fmt: skip

    def row(self, token: TokenView, now: float, *, picked: bool) -> Line:
        """A token's row."""
        bad = "bold " + hue(token.state) if token.state is not State.ACTIVE else "muted"
        inside = sum(row.inside is True for row in token.bound)
        bounds = "?" if token.unread else f"{inside}/{len(token.bound)}" if token.bound else "none"
        loose = hue(token.state) if inside < len(token.bound) else "muted"
        return (
            Piece(" +" if picked else "  ", "bold accent"),
            mark(token.state, "bold"),
            *line(
                (" " + fit(token.name, self.name - 1) + " ", "bold"),
                (fit(", ".join(token.env), self.variable - 1) + " ", "muted"),
                (fit(token.state.word + ("?" if token.stale else ""), self.state), bad),
                (fit(bounds, self.bounds), loose),
            ),
            *self._times(token, now),
            *line(*((" " + fit(_told(each, token), cells - 1), "muted") for each, cells in self.more.items())),
        )

    def _times(self, token: TokenView, now: float) -> Line:
        """How much is left and when it was used, as far as there is room."""
        rest = line((left(token, now).rjust(self.left - 1) + " ", hue(token.state) if ends_soon(token) else "muted"))
        last = line((used(token.last_released, now).rjust(self.used) + " ", "muted"))
        return (
            *(_gauge(token, now, self.bar) if self.left else ()),
            *(rest if self.left else ()),
            *(last if self.used else ()),
        )


def _told(column: str, token: TokenView) -> str:
    if column == "kind":
        return token.kind
    if column == "scopes":
        return " ".join(token.scopes)
    return f"{datetime.fromtimestamp(token.expires_at):%Y-%m-%d}" if token.expires_at else "–"


def _gauge(token: TokenView, now: float, width: int) -> Line:
    part = share(token, now)
    if part is None:
        return (Piece(" " * width),)
    full, rest = bar(part, width)
    return (Piece(full, "edge" if part > 0.1 else "state-warning"), Piece(rest, "edge-dim"))
