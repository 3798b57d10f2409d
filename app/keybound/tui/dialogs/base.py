"""What all dialogs share: a box with a title, fixed lines, esc leaves."""

from collections.abc import Sequence
from typing import ClassVar, Generic, TypeVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from keybound.domain.clean import clean
from keybound.tui.canvas import Canvas
from keybound.tui.host import Host, host
from keybound.tui.ink import Line, line, wrapped

Result = TypeVar("Result")


class Text(Canvas):
    """Lines that were made elsewhere; as high as they are, at most ``most``."""

    DEFAULT_CSS = "Text { scrollbar-size-vertical: 1; }"

    def __init__(self, made: Sequence[Line | str] = (), *, most: int = 14, id: str | None = None) -> None:
        super().__init__(id=id)
        self._most = most
        self._given: list[Line] = []
        self.put(made)

    def put(self, made: Sequence[Line | str]) -> None:
        """Show other lines."""
        self._given = [line(each) if isinstance(each, str) else each for each in made]
        self.styles.height = max(min(len(self._given), self._most), 1)
        if self.is_mounted:
            self.repaint()

    def repaint(self) -> None:
        """Break lines for the width; as high as that makes it."""
        super().repaint()
        self.styles.height = max(min(len(self._lines), self._most), 1)

    def lines(self, width: int) -> Sequence[Line]:
        """The given lines, broken at the width: what one agrees to is never cut off."""
        return [row for each in self._given for row in wrapped(each, width, _margin(each))]


def _margin(made: Line) -> int:
    """Where a broken line goes on: under its own text."""
    text = "".join(piece.text for piece in made)
    blanks = len(text) - len(text.lstrip())
    return blanks + 2 if blanks else 0


class Dialog(ModalScreen[Result], Generic[Result]):
    """A question over the screen."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", show=False, priority=True)]
    AUTO_FOCUS = ""

    def on_resize(self) -> None:
        """More air where there is room."""
        self.set_class(self.size.height >= 32, "-tall")

    @property
    def host(self) -> Host:
        """The application."""
        return host(self)

    def box(self, title: str, keys: str) -> Vertical:
        """The framed box; ``keys`` stands in its lower border."""
        made = Vertical(id="box")
        made.border_title = Content(clean(title))
        made.border_subtitle = Content(self.host.ink.shown(keys))
        return made

    def action_cancel(self) -> None:
        """Leave, with nothing done."""
        self.dismiss(None)
