"""The list of plain tokens that were found: by file, each with its box; then what no import can take."""

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType

from keybound.custody.view_models.plain import PlainFinding, PlainFound, PlainSource, PlainToken
from keybound.tui.canvas import Later, ListCanvas
from keybound.tui.styled_text import Line, Piece, cells, cut, fit, line
from keybound.tui.words import named, plural

_HELPED = "for its helper"
_BOX = 7  # cells up to the end of a box


class PlainList(ListCanvas):
    """Entries: ``token 3``; ``file 0``, a heading; ``left 0 1``, those left for one reason; ``hand 2``; ``note 0``."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "tick", show=False)]

    def __init__(self) -> None:
        super().__init__(id="plain")
        self.found = PlainFound("", 0)
        self.replacing = False
        self.ticked: set[int] = set()
        self.unfolded: set[str] = set()
        self._widest = (12, 12)

    def show(self, found: PlainFound) -> None:
        """Show what was found; what an import would take is ticked."""
        self.renew(found)
        self.ticked = {one.number for one in self._tokens if one.stored or not one.left}
        self.repaint()

    def renew(self, found: PlainFound) -> None:
        """Show what has become of it meanwhile."""
        self.found = found
        shown = [one for one in self._tokens if not one.left]
        names = [cells(one.id.partition("/")[2]) for one in shown]
        self._widest = max([12, *names]), max([12, *(cells(one.env or _HELPED) for one in shown)])
        self.repaint()

    @property
    def _tokens(self) -> list[PlainToken]:
        return [one for source in self.found.sources for one in source.tokens]

    @property
    def possible(self) -> list[PlainToken]:
        """What can be ticked now: a token that is stored already only to replace its plain copy."""
        return [one for source in self.found.sources for one in source.tokens if self.is_possible(source, one)]

    def is_possible(self, source: PlainSource, one: PlainToken) -> bool:
        """Whether it can be ticked now."""
        return not one.left or one.doubtful or bool(one.stored and self.replacing and source.instead)

    @property
    def chosen(self) -> list[PlainToken]:
        """What is ticked, and can be."""
        return [one for one in self.possible if one.number in self.ticked]

    @property
    def replaced(self) -> list[PlainSource]:
        """The files in which something is ticked whose plain copy can be replaced."""
        numbers = {one.number for one in self.chosen}
        return [one for one in self.found.sources if one.instead and any(each.number in numbers for each in one.tokens)]

    def here(self) -> tuple[PlainSource | None, Sequence[PlainToken]]:
        """The file under the cursor, and the tokens: one, those left for one reason, or all of the file."""
        kind, _, rest = self.cursor.partition(" ")
        if kind == "token":
            number = int(rest)
            for source in self.found.sources:
                for one in source.tokens:
                    if one.number == number:
                        return source, [one]
        if kind in ("file", "left"):
            at, _, reason = rest.partition(" ")
            source = self.found.sources[int(at)]
            return source, _left(source)[int(reason)][1] if kind == "left" else source.tokens
        return None, []

    def finding(self) -> PlainFinding | None:
        """What is under the cursor, where no import can take it."""
        kind, _, at = self.cursor.partition(" ")
        return self.found.by_hand[int(at)] if kind == "hand" else None

    def note(self) -> str:
        """What is under the cursor, where it was not read."""
        kind, _, at = self.cursor.partition(" ")
        return self.found.notes[int(at)] if kind == "note" else ""

    def preferred(self, names: Sequence[str]) -> str:
        """The cursor begins on the first token."""
        return next((name for name in names if name.startswith("token")), names[0] if names else "")

    def entries(self, width: int) -> Sequence[tuple[str, Sequence[Line]]]:
        """Files with what would be taken and what would be left; then what is to be done by hand, and what was not read."""
        made: list[tuple[str, Sequence[Line]]] = []
        for at, source in enumerate(self.found.sources):
            made.append((f"file {at}", [self._heading(source, width)]))
            made += self._token_rows(source, [one for one in source.tokens if one.stored or not one.left], width)
            for number, (why, those) in enumerate(_left(source)):
                name = f"left {at} {number}"
                unfolded = name in self.unfolded
                made.append((name, [_left_row(why, those, width, unfolded=unfolded)]))
                made += self._token_rows(source, those if unfolded else (), width)
        if self.found.by_hand:
            made.append(("", [_title("No import can take these: remove them by hand", width)]))
            made += [(f"hand {at}", Later(partial(_hand_row, one, width))) for at, one in enumerate(self.found.by_hand)]
        if self.found.notes:
            made.append(("", [_title("Also", width)]))
            made += [
                (f"note {at}", [cut(line((f"     ! {note}", "state-warning")), width)])
                for at, note in enumerate(self.found.notes)
            ]
        return made

    def _token_rows(
        self, source: PlainSource, tokens: Sequence[PlainToken], width: int
    ) -> list[tuple[str, Sequence[Line]]]:
        return [(f"token {one.number}", Later(partial(self._row, source, one, width))) for one in tokens]

    def _heading(self, source: PlainSource, width: int) -> Line:
        can = [one for one in source.tokens if self.is_possible(source, one)]
        can = [one for one in can if not one.doubtful or one.number in self.ticked]
        ticked = sum(one.number in self.ticked for one in can)
        return _title(source.place, width, f"{ticked} of {len(can)}" if can else "")

    def _row(self, source: PlainSource, one: PlainToken, width: int) -> Line:
        can = self.is_possible(source, one)
        on = can and one.number in self.ticked
        box = ("[x]" if on else "[ ]") if can else " = "
        style = "bold" if on else "muted"
        begin = Piece(f"{'     ' if one.doubtful else '   '}{box} ", "bold accent" if on else "muted")
        name, variable = (min(most, width // 4) for most in self._widest)
        what = one.title or "of no known kind"
        if one.left:
            what = what if one.doubtful else one.left + (": replace its plain copy" if on else "")
            return cut(
                (begin, *line((fit(one.label, name + variable + 2 - 2 * one.doubtful) + "  ", style), (what, "muted"))),
                width,
            )
        shown = line(
            (fit(one.id.partition("/")[2], name) + "  ", style),
            (fit(one.env or _HELPED, variable) + "  ", "" if on else "muted"),
            (what, "muted"),
        )
        return cut((begin, *shown), width)

    def action_tick(self) -> None:
        """Tick what is under the cursor, or do not; on a heading all of its file. What would be left is listed or folded."""
        source, tokens = self.here()
        if self.cursor.startswith("left"):
            self.unfolded ^= {self.cursor} if tokens[0].doubtful else set()
            self._toggle(())
        elif source:
            alone = self.cursor.startswith("token")
            self._toggle([one for one in tokens if self.is_possible(source, one) and (alone or not one.doubtful)])

    def _toggle(self, tokens: Sequence[PlainToken]) -> None:
        numbers = {one.number for one in tokens}
        self.ticked = self.ticked - numbers if numbers <= self.ticked else self.ticked | numbers
        self.repaint()
        self.post_message(self.Moved())

    def toggle_all(self) -> None:
        """Tick all that an import would take, or nothing where that is so."""
        self._toggle([one for one in self.possible if not one.doubtful])

    def on_click(self, event: events.Click) -> None:
        """Stand on what is clicked; a click on its box, or a second one, toggles."""
        event.prevent_default()
        place = event.get_content_offset_capture(self)
        at = place.y + self.scroll_offset.y
        name = self.name_at(at)
        again = name == self.cursor
        if name:
            self.stand(name)
            if again or place.x < _BOX:
                self.action_tick()


def _left(source: PlainSource) -> list[tuple[str, list[PlainToken]]]:
    """What would be left, by its reason; what is stored already has a row of its own."""
    found: dict[str, list[PlainToken]] = {}
    for one in source.tokens:
        if one.left and not one.stored:
            found.setdefault(one.left, []).append(one)
    return list(found.items())


def _title(text: str, width: int, count: str = "") -> Line:
    head = line((f" {text}", "bold group"))
    rest = max(width - cells(text) - len(count) - 5, 0)
    return cut((*head, Piece(f" {'─' * rest} ", "edge-dim"), Piece(count, "muted")), width)


def _left_row(why: str, those: Sequence[PlainToken], width: int, *, unfolded: bool) -> Line:
    fold = ("▾" if unfolded else "▸") if those[0].doubtful else "–"
    return cut(line((f"     {fold} left: {named([one.label for one in those])}: {why}", "muted")), width)


def _hand_row(one: PlainFinding, width: int) -> Line:
    return cut(line(("     ! ", "bold state-warning"), (f"{one.place}  ", ""), (one.title, "muted")), width)


def counted(found: PlainFound) -> str:
    """How much was found, in how many files."""
    tokens = [one for source in found.sources for one in source.tokens if one.stored or not one.left]
    files = sum(any(one.stored or not one.left for one in source.tokens) for source in found.sources)
    words = f"{plural(len(tokens), 'plain token')} in {plural(files, 'file')}" if tokens else "Nothing to import"
    hand = f", {len(found.by_hand)} to remove by hand" if found.by_hand else ""
    return f"{words}{hand}; {plural(found.files, 'file')} looked at"
