"""Widgets painted line by line: a canvas, and a list with a cursor on it."""

from collections.abc import Callable, Sequence
from typing import ClassVar, overload

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from keybound.tui.app_protocol import host
from keybound.tui.styled_text import Line, Piece


class Canvas(ScrollView, can_focus=False):
    """Lines of pieces, made anew for the width at hand."""

    DEFAULT_CSS = "Canvas { scrollbar-size-vertical: 1; overflow-x: hidden; }"

    def lines(self, width: int) -> Sequence[Line]:
        """Make the lines for a width in cells. Override this."""
        raise NotImplementedError

    def repaint(self) -> None:
        """Make the lines again."""
        self._lines = self._made(self.usable)
        self.virtual_size = Size(self.usable, len(self._lines))
        self.refresh()

    def _made(self, width: int) -> Sequence[Line]:
        return self.lines(width) if width > 0 else ()

    _lines: Sequence[Line] = ()

    @property
    def usable(self) -> int:
        """The width that lines may take, with the scroll bar's column kept free where it may appear."""
        spare = (
            self.styles.scrollbar_size_vertical
            and self.styles.overflow_y == "auto"
            and not self.show_vertical_scrollbar
        )
        return max(self.scrollable_content_region.width - spare, 0) if self.is_attached else 0

    def on_resize(self) -> None:
        """Make the lines for the new width."""
        self.repaint()

    def notify_style_update(self) -> None:
        """A new theme: paint again."""
        super().notify_style_update()
        if self.is_mounted:
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Paint one line of the view."""
        at = y + self.scroll_offset.y
        return self.paint(at, self._lines[at] if at < len(self._lines) else ())

    def paint(self, at: int, pieces: Line) -> Strip:
        """Paint the line with this number."""
        del at
        return host(self).styled.strip(pieces, self.size.width, self.rich_style)


class Later(Sequence[Line]):
    """One line, made when it is seen: a list may have thousands."""

    __slots__ = ("_make",)

    def __init__(self, make: Callable[[], Line]) -> None:
        self._make = make

    def __len__(self) -> int:
        return 1

    @overload
    def __getitem__(self, at: int) -> Line: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Line]: ...
    def __getitem__(self, at: int | slice) -> Line | Sequence[Line]:
        return (self._make(),)[at]


class _Joined(Sequence[Line]):
    """The lines of all entries, each taken from its entry when it is asked for."""

    def __init__(self, entries: Sequence[Sequence[Line]]) -> None:
        self._rows: list[Sequence[Line]] = []  # two plain lists: thousands of pairs would be work for the collector
        self._at: list[int] = []
        for rows in entries:
            self._rows += [rows] * len(rows)
            self._at += range(len(rows))

    def __len__(self) -> int:
        return len(self._at)

    @overload
    def __getitem__(self, at: int) -> Line: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Line]: ...
    def __getitem__(self, at: int | slice) -> Line | Sequence[Line]:
        if isinstance(at, slice):
            return [rows[row] for rows, row in zip(self._rows[at], self._at[at], strict=True)]
        return self._rows[at][self._at[at]]


_ALL = 1_000_000_000  # entries


class _Index:
    """Where entries stand, so that a key costs the same in a long list as in a short one. Asks for no line."""

    def __init__(self, made: Sequence[tuple[str, Sequence[Line]]]) -> None:
        self.owners: list[str] = []  # the entry of each line
        self.rows: dict[str, range] = {}  # the lines of each entry
        for name, lines in made:
            count = len(lines)
            if name and count:
                self.rows.setdefault(name, range(len(self.owners), len(self.owners) + count))
            self.owners += [name] * count
        self.names = list(self.rows)
        self.at = {name: at for at, name in enumerate(self.names)}


class ListCanvas(Canvas, can_focus=True):
    """A canvas whose entries can be walked. An entry is a name and its lines; the name "" cannot be stood on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "walk(-1)", show=False),
        Binding("down", "walk(1)", show=False),
        Binding("pageup", "walk(-10)", show=False),
        Binding("pagedown", "walk(10)", show=False),
        Binding("home", f"walk(-{_ALL})", show=False),
        Binding("end", f"walk({_ALL})", show=False),
        Binding("enter", "choose", show=False),
    ]

    class Moved(Message):
        """The cursor stands on another entry."""

    class Chosen(Message):
        """Enter, or a second click, on an entry."""

    cursor = ""
    hovered = ""  # the entry under the mouse
    _entries = _Index(())

    def entries(self, width: int) -> Sequence[tuple[str, Sequence[Line]]]:
        """Make the entries for a width in cells. Override this."""
        raise NotImplementedError

    def lines(self, width: int) -> Sequence[Line]:
        """The lines of all entries; the cursor goes to the nearest entry if its own is gone."""
        made = self.entries(width)
        before, self._entries = self._entries, _Index(made)
        names = self.names
        if self.cursor not in self._entries.at:
            at = before.at.get(self.cursor, 0)
            first = self.preferred(names) if at == 0 else ""
            self.cursor = first or (names[min(at, len(names) - 1)] if names else "")
            self.post_message(self.Moved())
            made = self.entries(width)
        return _Joined([rows for _, rows in made])

    def preferred(self, names: Sequence[str]) -> str:
        """Where the cursor begins."""
        return names[0] if names else ""

    @property
    def names(self) -> Sequence[str]:
        """The entries that can be stood on, from the top."""
        return self._entries.names

    @property
    def place(self) -> int:
        """Where the cursor stands among them, from 0; -1 where it does not."""
        return self._entries.at.get(self.cursor, -1)

    def stand(self, name: str) -> None:
        """Put the cursor on an entry, and bring it into view."""
        before = self.cursor
        if name != before and name in self._entries.at:
            self.cursor = name
            self.post_message(self.Moved())
        self.cursor_moved(before)
        self.show_cursor()

    def cursor_moved(self, before: str) -> None:
        """The cursor went from one entry to another, or was put where it is. Override where that changes no entry's lines."""
        del before
        self.repaint()

    def refresh_entries(self, *names: str) -> None:
        """Paint the lines of these entries anew, and no others."""
        for name in names:
            for at in self._entries.rows.get(name, ()):
                self.refresh_line(at)

    def show_cursor(self) -> None:
        """Scroll until the cursor's entry is in view."""
        rows = self._entries.rows.get(self.cursor)
        view, top = self.scrollable_content_region.height, self.scroll_offset.y
        if rows is None or view <= 0:
            return
        first, last = rows[0], min(rows[-1], rows[0] + view - 1)
        first = 0 if self.place == 0 else first
        if first < top or last >= top + view:
            self.scroll_to(y=first if first < top else last - view + 1, animate=False)

    def action_walk(self, steps: int) -> None:
        """Move the cursor over entries."""
        names = self.names
        if names:
            self.stand(names[min(max(max(self.place, 0) + steps, 0), len(names) - 1)])

    def action_choose(self) -> None:
        """Say that the entry was chosen."""
        if self.cursor:
            self.post_message(self.Chosen())

    def on_click(self, event: events.Click) -> None:
        """Stand on the clicked entry; a click on where the cursor stands chooses it."""
        at = event.get_content_offset_capture(self).y + self.scroll_offset.y
        name = self.name_at(at)
        if name and name == self.cursor:
            self.action_choose()
        elif name:
            self.stand(name)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """What a click would choose is seen before."""
        self._hover(self.name_at(event.get_content_offset_capture(self).y + self.scroll_offset.y))

    def on_leave(self) -> None:
        """The mouse is elsewhere."""
        self._hover("")

    def _hover(self, name: str) -> None:
        before, self.hovered = self.hovered, name
        if name != before:
            self.refresh_entries(before, name)

    def paint(self, at: int, pieces: Line) -> Strip:
        """Paint a line; the first line of the cursor's entry is marked, and so is what the mouse is on."""
        if not self.is_here(at):
            if not self.hovered or self.name_at(at) != self.hovered:
                return super().paint(at, pieces)
            return host(self).styled.strip(
                pieces, self.size.width, self.rich_style + host(self).styled.style("on chip")
            )
        styled = host(self).styled
        base = self.rich_style + styled.style("on sel")
        first = Piece("▌" if self.has_focus or self.marks_unfocused else " ", "accent")
        rest = (Piece(pieces[0].text[1:], pieces[0].style), *pieces[1:]) if pieces else ()
        return styled.strip((first, *rest), self.size.width, base)

    marks_unfocused = True

    def is_here(self, at: int) -> bool:
        """Whether the cursor's mark belongs on this line."""
        rows = self._entries.rows.get(self.cursor)
        return rows is not None and rows[0] == at

    def name_at(self, at: int) -> str:
        """The entry that a line belongs to, or ""."""
        owners = self._entries.owners
        return owners[at] if 0 <= at < len(owners) else ""
