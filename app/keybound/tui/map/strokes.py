"""The routes painted as cells: box drawing, dashes where a reading is outside, heavy where a line is lit."""

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

from keybound.domain.verdict.states import State
from keybound.tui.map.graph import Edge
from keybound.tui.map.routing import Routes

UP, RIGHT, DOWN, LEFT = range(4)

# Every box drawing character by the weights of its arms (up, right, down, left: 0 none, 1 light, 2 heavy).
_BOX = " ╴╸╷┐┑╻┒┓╶─╾┌┬┭┎┰┱╺╼━┍┮┯┏┲┳╵┘┙│┤┥╽┧┪└┴┵├┼┽┟╁╅┕┶┷┝┾┿┢╆╈╹┚┛╿┦┩┃┨┫┖┸┹┞╀╃┠╂╉┗┺┻┡╄╇┣╊╋"
_ROUND = {"┌": "╭", "┐": "╮", "└": "╰", "┘": "╯"}
_DASHED = {"─": "╌", "│": "╎", "━": "╍", "┃": "╏"}
_ASCII = {"─": "-", "│": "|", "━": "=", "┃": "#", "╌": ".", "╎": ":", "╍": "~", "╏": ";"}


class Arm(NamedTuple):
    """One arm of a cell: the worst state on it (-1 while inside), and whether it is lit. Larger is more important."""

    lit: bool
    state: int


class Cell(NamedTuple):
    """A painted cell."""

    glyph: str
    state: State | None
    lit: bool


Grid = Mapping[tuple[int, int], Cell]
_Arms = dict[int, Arm]
_Sheet = dict[tuple[int, int], _Arms]


def column_of(slot: int, slots: int, width: int) -> int:
    """The column of a slot in a gutter of ``width`` cells."""
    return (slot + 1) * width // (slots + 1) if slots < width else slot


def paint(routes: Routes, edges: Collection[Edge], width: int, lit: Callable[[Edge], bool], rows: range) -> Grid:
    """Paint these rows of the gutter: (row, column) to cell. A crossing without a joint shows the more important line."""
    along: _Sheet = {}
    across: _Sheet = {}
    joints: set[tuple[int, int]] = set()
    columns = {t.token: column_of(t.slot, routes.slots, width) for t in routes.trunks.values()}
    for edge in edges:
        arm = Arm(lit(edge), -1 if edge.state is None else int(edge.state))
        trunk, row, column = routes.trunks[edge.token], routes.key_rows[edge.key], columns[edge.token]
        joints |= {(row, column), (trunk.exit, column)}
        if row in rows:
            _lay_row(along, row, -1, column, arm)
        if trunk.exit in rows:
            _lay_row(along, trunk.exit, column, width, arm)
        upper, lower = sorted((row, trunk.exit))
        _lay_column(across, column, range(max(upper, rows.start - 1), min(lower, rows.stop)), arm)
    cells = {at for at in along.keys() | across.keys() if 0 <= at[1] < width and at[0] in rows}
    return {at: cell_of(along.get(at, {}), across.get(at, {}), at in joints) for at in cells}


def _lay_row(sheet: _Sheet, row: int, start: int, end: int, arm: Arm) -> None:
    """Lay a line between two columns; the edges of the gutter are column -1 and ``width``, outside the sheet."""
    for column in range(start, end):
        _lay(sheet, (row, column), RIGHT, arm)
        _lay(sheet, (row, column + 1), LEFT, arm)


def _lay_column(sheet: _Sheet, column: int, rows: range, arm: Arm) -> None:
    """Lay a line from each of these rows to the next."""
    for upper in rows:
        _lay(sheet, (upper, column), DOWN, arm)
        _lay(sheet, (upper + 1, column), UP, arm)


def _lay(sheet: _Sheet, at: tuple[int, int], direction: int, arm: Arm) -> None:
    arms = sheet.setdefault(at, {})
    arms[direction] = max(arms.get(direction, arm), arm)


def cell_of(along: Mapping[int, Arm], across: Mapping[int, Arm], joint: bool) -> Cell:
    """A cell with arms of a line along the row and of one across it; ``joint``: the two join here."""
    if along and across and not joint:
        along, across = ({}, across) if max(across.values()) >= max(along.values()) else (along, {})
    arms: dict[int, Arm] = {**along, **across}
    top = max(arms.values())
    glyph = box(arms)
    if top.state >= 0 and all(arm.state >= 0 for arm in arms.values()):
        glyph = _DASHED.get(glyph, glyph)
    return Cell(glyph, None if top.state < 0 else State(top.state), top.lit)


def box(arms: Mapping[int, Arm]) -> str:
    """The box drawing character with these arms, rounded where it is a light corner."""
    weights = [0 if side not in arms else 1 + arms[side].lit for side in (UP, RIGHT, DOWN, LEFT)]
    glyph = _BOX[((weights[0] * 3 + weights[1]) * 3 + weights[2]) * 3 + weights[3]]
    return _ROUND.get(glyph, glyph)


def plain(text: str) -> str:
    """The line drawing in ASCII, for terminals that draw these characters wide."""
    return "".join(_ASCII.get(char, "+" if "\u2500" <= char <= "\u257f" else char) for char in text)
