"""The profile's text: TOML colours, a bar beside changed lines, the consequence at a line's end."""

import difflib
from collections.abc import Mapping, Sequence

from rich.segment import Segment
from rich.text import Text
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widgets import TextArea
from textual.widgets.text_area import Selection, TextAreaTheme

from keybound.domain.text.sanitize import clean_columns
from keybound.tui.app_protocol import host
from keybound.tui.styled_text import Line, length

_SYNTAX = {
    "toml.type": "group",
    "property": "foreground",
    "string": "state-active",
    "boolean": "bold state-suspended",
    "comment": "italic muted",
    "number": "state-warning",
    "float": "state-warning",
    "toml.datetime": "state-warning",
    "punctuation.bracket": "muted",
    "punctuation.delimiter": "muted",
    "operator": "muted",
    "toml.error": "underline state-expired",
}


def changed_lines(before: str, after: str) -> set[int]:
    """Numbers, from 1, of the lines that differ; where lines were taken out, the one after them."""
    old, new = before.split("\n"), after.split("\n")
    found: set[int] = set()
    for tag, _, _, start, end in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            found |= set(range(start + 1, max(end, start + 1) + 1))
    return found


def line_for(text: str, token: str, key: str) -> int:
    """Where a key's table or the token's begins, from 1: a place to look at, where the very line is not known."""
    lines = [line.strip() for line in text.split("\n")]
    table = key.partition(".")[0] if "." in key and ":" not in key else ""
    heads = [f"[{table}]" if table else "", f"[tokens.{token}]"]
    return next((lines.index(head) + 1 for head in heads if head and head in lines), 1)


class Editor(TextArea):
    """``notes``: what stands at the end of a line, by its number from 1.

    It is looked at until typing is begun on purpose: letters and digits are then what they are on every screen.
    """

    def __init__(self) -> None:
        super().__init__("", id="editor", soft_wrap=False, show_line_numbers=True, tab_behavior="focus", read_only=True)
        self.notes: Mapping[int, Line] = {}
        self.marked: set[int] = set()

    def on_mount(self) -> None:
        """Colours of the theme, highlighting where its parser is installed."""
        self.wear_theme()
        if "toml" in self.available_languages:
            self.language = "toml"

    @property
    def typing(self) -> bool:
        """Whether letters go into the text."""
        return not self.read_only

    @typing.setter
    def typing(self, on: bool) -> None:
        self.read_only = not on

    class Began(Message):
        """Typing was begun."""

    def on_click(self) -> None:
        """A click into the text begins typing."""
        self.begin()

    def begin(self) -> None:
        """Letters go into the text from now on."""
        if not self.typing:
            self.typing = True
            self.post_message(self.Began())

    async def _on_key(self, event: events.Key) -> None:
        """Enter begins typing, here and not by a binding: what is typed right after it must not come first."""
        if self.read_only and event.key == "enter":
            event.stop()
            event.prevent_default()
            self.begin()
        else:
            await super()._on_key(event)

    def wear_theme(self) -> None:
        """Make the editor's colours from the application's theme."""
        styled = host(self).styled
        styles = {name: styled.style(words) for name, words in _SYNTAX.items() if words}
        self.register_theme(TextAreaTheme(name=f"keybound-{self.app.theme}", syntax_styles=styles))
        self.theme = f"keybound-{self.app.theme}"

    def annotate(self, notes: Mapping[int, Line], marked: set[int]) -> None:
        """Show consequences at lines' ends, and bars beside changed lines."""
        self.notes, self.marked = notes, marked
        self._line_cache.clear()
        self.refresh()

    def go_to_line(self, number: int) -> None:
        """Put the cursor on a line, counted from 1."""
        self.move_cursor((max(min(number, self.document.line_count) - 1, 0), 0), center=True)

    def select_text(self, start: tuple[int, int], length: int) -> None:
        """Select what stands at a row and column, from 0, and bring it into view."""
        self.move_cursor(start, center=True)
        self.selection = Selection(start, (start[0], start[1] + length))

    def get_line(self, line_index: int) -> Text:
        """The line as the terminal may have it: what could drive it or turn its text round is one mark each."""
        line = super().get_line(line_index)
        shown = clean_columns(line.plain, "?" if host(self).ascii_only else "\N{REPLACEMENT CHARACTER}")
        if shown != line.plain:
            line.plain = shown
        return line

    def render_line(self, y: int) -> Strip:
        """The line with its bar and its note."""
        strip = super().render_line(y)
        number = y + self.scroll_offset.y + 1
        styled, gutter = host(self).styled, self.gutter_width
        if number in self.marked and gutter > 1:
            bar = Strip([Segment("▎", self.rich_style + styled.style("state-warning"))])
            strip = Strip.join([strip.crop(0, gutter - 1), bar, strip.crop(gutter)])
        note = self.notes.get(number)
        if note and number <= self.document.line_count:
            strip = self._noted(strip, note, len(self.document.get_line(number - 1)))
        return strip

    def _noted(self, strip: Strip, note: Line, text: int) -> Strip:
        width, pane = self.scrollable_content_region.width, length(note) + 1
        if self.gutter_width + text - self.scroll_offset.x + pane + 1 > width:
            return strip
        last = [segment.style for segment in strip.crop(width - 1, width) if segment.style]
        painted = host(self).styled.strip(
            note, pane, last[0] if last else self.rich_style
        )  # the cursor's line has its own
        return Strip.join([strip.crop(0, width - pane), painted])


def notes_of(rows: Sequence[tuple[int, Line]]) -> dict[int, Line]:
    """Join what stands on the same line."""
    notes: dict[int, Line] = {}
    for number, said in rows:
        notes[number] = (*notes.get(number, ()), *said)
    return notes
