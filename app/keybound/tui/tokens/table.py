"""The token table: grouped by profile, sorted, filtered, folded, with several selected."""

from collections.abc import Sequence
from functools import partial

from keybound.custody.view_models.tokens import TokenView
from keybound.domain.verdict.states import State
from keybound.tui.app_protocol import host
from keybound.tui.canvas import Later, ListCanvas
from keybound.tui.empty import indented, lacks
from keybound.tui.styled_text import Line, Piece, fit, hue, length, line, mark, spread, wrapped
from keybound.tui.tokens.grouping import SORTS, Group, Ordered
from keybound.tui.tokens.lost import home_lines, lost_row
from keybound.tui.words import bar, left, part_names, share, used


def matches(text: str, token: TokenView) -> bool:
    """Whether the characters of ``text`` occur in this order in the token's id, variables or state."""
    return in_order(text, f"{token.id} {' '.join(token.env)} {token.state.word}")


def in_order(text: str, hay: str) -> bool:
    """Whether the characters of ``text`` occur in ``hay`` in this order."""
    left = iter(hay.lower())
    return all(char in left for char in text.lower() if char != " ")


class TokenTable(ListCanvas):
    """All tokens, one a row. Names of entries: ``profile/name``, and ``profile/`` for a group's heading."""

    def __init__(self) -> None:
        super().__init__(id="table")
        self.folded: set[str] = set()
        self.picked: set[str] = set()
        self.sort = 0
        self.filter = ""
        self.recalled: list[Line] = []
        self._ordered = Ordered()

    def lines(self, width: int) -> Sequence[Line]:
        """Those of all entries; until they are known, the rows that were shown last."""
        return self.recalled if self.recalled and not host(self).ready else super().lines(width)

    def shown_rows(self) -> list[Line]:
        """The rows in view, as the next start shows them until it knows better."""
        top, view = self.scroll_offset.y, self.scrollable_content_region.height
        return list(self._lines[top : top + view]) if host(self).ready else self.recalled

    def entries(self, width: int) -> Sequence[tuple[str, Sequence[Line]]]:
        """Groups, the profile in use first."""
        overview, now = host(self).overview, host(self).now()
        widths = _Widths(width)
        made: list[tuple[str, Sequence[Line]]] = [("", [widths.head(SORTS[self.sort][0])])]
        for group, ordered in self._ordered(overview, self.sort):
            profile = group.profile
            shown = [token for token in ordered if matches(self.filter, token)] if self.filter else ordered
            lost = [id_ for id_ in group.lost if in_order(self.filter, id_)]
            if not shown and not lost and self.filter and not in_order(self.filter, profile):
                continue
            if len(made) > 1:
                made.append(("", [()]))
            folded = profile in self.folded and not self.filter
            here = profile == overview.active
            made.append((f"{profile}/", Later(partial(_heading, group, width, here=here, folded=folded))))
            made += [] if folded else [(each.id, Later(partial(self._row, each, widths, now))) for each in shown]
            made += [] if folded else [(id_, [lost_row(id_, widths.name, width)]) for id_ in lost]
            if not group.tokens and not lost and not folded and here and not lacks(host(self)):
                made.append(("", [line((f"    no token yet: {host(self).keyboard.key('add')} adds one", "muted"))]))
        made += [("", [(), row]) for row in indented(lacks(host(self)), 4)]
        moved = [row for each in home_lines(overview.made_as) for row in wrapped(each, width, 1)]
        return [("", [*moved, ()]), *made] if overview.made_as else made

    def _row(self, token: TokenView, widths: "_Widths", now: float) -> Line:
        return widths.row(token, now, picked=token.id in self.picked)

    def cursor_moved(self, before: str) -> None:
        """Only its mark moves; far less is sent to the terminal than the whole table."""
        if before == self.cursor:
            self.repaint()
        else:
            self.refresh_entries(before, self.cursor)

    def preferred(self, names: Sequence[str]) -> str:
        """The cursor begins on the first token, else on the first profile that asks for something."""
        asking = {f"{each.name}/" for each in host(self).overview.profiles if each.unapproved_parts or each.fault}
        tokens = (name for name in names if not name.endswith("/"))
        return next(tokens, next((name for name in names if name in asking), ""))

    @property
    def picked_here(self) -> list[str]:
        """What is selected and seen, from the top: neither filtered out nor folded away."""
        return [name for name in self.names if name in self.picked] if self.picked else []

    def toggle_pick(self) -> None:
        """Select the token under the cursor, or the group's tokens that are seen, or let them go."""
        if self.cursor.endswith("/") and self.cursor.partition("/")[0] in self.folded:
            self.toggle_fold()
        here = {name for name in self.names if self.cursor in (name, name.partition("/")[0] + "/")} - {self.cursor}
        here = (here or {self.cursor}) - {"", *host(self).overview.orphans}
        self.picked = self.picked - here if here <= self.picked else self.picked | here
        self.refresh()

    def toggle_fold(self) -> None:
        """Fold or unfold the group under the cursor."""
        self.folded ^= {self.cursor.partition("/")[0]}
        self.repaint()


def _heading(group: Group, width: int, *, here: bool, folded: bool) -> Line:
    active = "  active here" if here else ""
    start = line((" ▸ " if folded else " ▾ ", "accent"), (group.profile, "bold group"), (active, "muted"))
    fault, parts = (group.view.fault, group.view.unapproved_parts) if group.view else ("", ())
    start = (*start, *line(("  " + fault, "state-warning"))) if fault else start
    if parts:
        said = line((f" {part_names(parts)} not approved", hue(State.UNAPPROVED)))
        start = (*start, Piece("  "), mark(State.UNAPPROVED), *said)
    counts: list[Piece] = []
    for state, count in group.counts:
        counts += [mark(state), Piece(f" {count}  ", "muted")]
    rule = width - length(start) - length(counts) - 2
    if rule < 0:  # the counts are whole, whatever is beside them
        return spread(tuple(piece for piece in start if piece.text != active), tuple(counts), width)
    return (*start, Piece(" " + "─" * max(rule, 0) + " ", "edge-dim"), *counts)


class _Widths:
    """The columns of the table for a width."""

    def __init__(self, width: int) -> None:
        self.name, self.state = 13, 11
        self.bar = 8 if width >= 76 else 6
        pane = width - (4 + self.name + self.state) - 9
        self.bounds = 7 if pane >= 7 else 0  # a column is there whole, or not at all
        self.left = 7 if self.bounds and pane - 7 >= self.bar + 7 else 0
        self.used = 6 if self.left and pane - 7 - self.bar - 7 >= 7 else 0
        self.bar = self.bar if self.left else 0
        self.variable = 9 + max(pane - self.bounds - self.bar - self.left - self.used - bool(self.used), 0)

    def head(self, sort: str) -> Line:
        """Names of the columns, the sorted one marked."""

        def title(text: str, by: str, width: int) -> str:
            return fit(f"{text} ▾" if sort == by else text, width)

        tail = ("used ▾" if sort == "last use" else "used").rjust(self.used) + " " if self.used else ""
        return line(
            (
                "    " + title("name", "name", self.name) + fit("variable", self.variable)
                + title("state", "state", self.state) + fit("bounds", self.bounds)
                + title("left", "time left", self.bar + self.left) + tail,
                "muted",
            )
        )  # fmt: skip

    def row(self, token: TokenView, now: float, *, picked: bool) -> Line:
        """A token's row."""
        bad = "bold " + hue(token.state) if token.state is not State.ACTIVE else "muted"
        inside = sum(row.inside is True for row in token.bound)
        bounds = "?" if token.unread else f"{inside}/{len(token.bound)}" if token.bound else "none"
        loose = hue(token.state) if inside < len(token.bound) else "muted"
        soon = token.state is State.WARNING and inside == len(token.bound) and token.expires_at is not None
        return (
            Piece(" +" if picked else "  ", "bold accent"),
            mark(token.state, "bold"),
            *line(
                (" " + fit(token.name, self.name - 1) + " ", "bold"),
                (fit(", ".join(token.env), self.variable - 1) + " ", "muted"),
                (fit(token.state.word + ("?" if token.stale else ""), self.state), bad),
                (fit(bounds, self.bounds), loose),
            ),
            *self._times(token, now, soon=soon),
        )

    def _times(self, token: TokenView, now: float, *, soon: bool) -> Line:
        """How much is left and when it was used, as far as there is room."""
        rest = line((left(token, now).rjust(self.left - 1) + " ", hue(token.state) if soon else "muted"))
        last = line((used(token.last_released, now).rjust(self.used) + " ", "muted"))
        return (
            *(_gauge(token, now, self.bar) if self.left else ()),
            *(rest if self.left else ()),
            *(last if self.used else ()),
        )


def _gauge(token: TokenView, now: float, width: int) -> Line:
    part = share(token, now)
    if part is None:
        return (Piece(" " * width),)
    full, rest = bar(part, width)
    return (Piece(full, "edge" if part > 0.1 else "state-warning"), Piece(rest, "edge-dim"))
