"""The token table: grouped by profile, sorted, filtered, folded, with several selected."""

from collections.abc import Sequence
from functools import partial

from keybound.custody.view_models.tokens import TokenView
from keybound.domain.verdict.states import State
from keybound.tui.app_protocol import host
from keybound.tui.canvas import Later, ListCanvas
from keybound.tui.empty import indented, lacks
from keybound.tui.styled_text import Line, Piece, hue, length, line, mark, spread, wrapped
from keybound.tui.tokens.columns import MORE, Columns
from keybound.tui.tokens.filtering import TokenFilter
from keybound.tui.tokens.grouping import SORTS, Group, Ordered
from keybound.tui.tokens.lost import home_lines, lost_row
from keybound.tui.words import part_names


class TokenTable(ListCanvas):
    """All tokens, one a row. Names of entries: ``profile/name``, and ``profile/`` for a group's heading."""

    def __init__(self) -> None:
        super().__init__(id="table")
        self.folded: set[str] = set()
        self.picked: set[str] = set()
        self.sort = 0
        self.filter = ""
        self.recalled: list[Line] = []
        self.hidden: set[str] = set()  # columns of a wide table that are not wanted
        self._columns = Columns(0)
        self._anchor = ""  # what was selected last
        self._ordered = Ordered(self._row)

    def lines(self, width: int) -> Sequence[Line]:
        """Those of all entries; until they are known, the rows that were shown last."""
        return self.recalled if self.recalled and not host(self).ready else super().lines(width)

    def columns(self) -> dict[str, str]:
        """What may be shown in a wide terminal, and whether it is."""
        shown = self._columns.more
        return {name: "shown" if name in shown else "hidden" if name in self.hidden else "no room" for name in MORE}

    def shown_rows(self) -> list[Line]:
        """The rows in view, as the next start shows them until it knows better."""
        top, view = self.scroll_offset.y, self.scrollable_content_region.height
        return list(self._lines[top : top + view]) if host(self).ready else self.recalled

    def entries(self, width: int) -> Sequence[tuple[str, Sequence[Line]]]:
        """Groups, the profile in use first."""
        overview, now, asked = host(self).overview, host(self).now(), TokenFilter(self.filter)
        self._columns = Columns(width, self.hidden)
        made: list[tuple[str, Sequence[Line]]] = [("", [self._columns.head(SORTS[self.sort][0])])]
        for group, ordered in self._ordered(overview, self.sort):
            profile = group.profile
            shown = [each for each in ordered if asked.accepts(each.token, each.hay, now)] if self.filter else ordered
            lost = [id_ for id_ in group.lost if asked.names(id_)]
            if not shown and not lost and self.filter and not asked.names(profile):
                continue
            if len(made) > 1:
                made.append(("", [()]))
            folded = profile in self.folded and not self.filter
            here = profile == overview.active
            made.append((f"{profile}/", Later(partial(_heading, group, width, here=here, folded=folded))))
            made += [] if folded else [each.entry for each in shown]
            made += [] if folded else [(id_, [lost_row(id_, self._columns.name, width)]) for id_ in lost]
            if not group.tokens and not lost and not folded and here and not lacks(host(self)):
                made.append(("", [line((f"    no token yet: {host(self).keyboard.key('add')} adds one", "muted"))]))
        if self.filter and len(made) == 1:
            made.append(("", [(), line(("    Nothing matches; esc shows all again.", "muted"))]))
        made += [("", [(), row]) for row in indented(lacks(host(self)), 4)]
        moved = [row for each in home_lines(overview.made_as) for row in wrapped(each, width, 1)]
        return [("", [*moved, ()]), *made] if overview.made_as else made

    def _row(self, token: TokenView) -> Line:
        return self._columns.row(token, host(self).now(), picked=token.id in self.picked)

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
        self._anchor = self.cursor
        self.picked = self.picked - here if here <= self.picked else self.picked | here
        self.refresh()

    def pick_range(self) -> None:
        """Select every token from the one that was selected last to the one under the cursor."""
        names = self.names
        places = sorted((self.place, names.index(self._anchor) if self._anchor in names else self.place))
        between = {name for name in names[places[0] : places[1] + 1] if not name.endswith("/")}
        self.picked |= between - {"", *host(self).overview.orphans}
        self._anchor = self.cursor
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
