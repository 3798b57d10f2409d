"""What all dialogs share: a box with a title, fixed lines, esc leaves."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any, ClassVar, Generic, TypeVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input

from keybound.custody.view_models.outcomes import Outcome
from keybound.domain.text.sanitize import clean
from keybound.domain.text.secret import Secret
from keybound.tui.app_protocol import AppProtocol, host
from keybound.tui.canvas import Canvas
from keybound.tui.styled_text import Line, line, wrapped

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
        """More air where there is room; one field a row where there is not."""
        self.set_class(self.size.height >= 32, "-tall")
        self.set_class(self.size.width < 70, "-slim")

    @property
    def host(self) -> AppProtocol:
        """The application."""
        return host(self)

    def key(self, name: str) -> str:
        """The key of an action, as a person presses it."""
        return self.host.keyboard.key(name)

    def box(self, title: str, keys: str) -> Vertical:
        """The framed box; ``keys`` stands in its lower border."""
        made = Vertical(id="box")
        made.border_title = Content(clean(title))
        made.border_subtitle = Content(keys)
        return made

    def refresh_view(self) -> None:
        """Everything was evaluated again. Override this where something of it is shown."""

    def at_stake(self) -> str:
        """What would be lost by leaving now, or ""."""
        return ""

    def action_cancel(self) -> None:
        """Leave, with nothing done; what would be lost is asked about first."""
        if question := self.at_stake():
            self.run_worker(self._give_up(question), group="give up", exclusive=True)
        else:
            self.dismiss(None)

    async def _give_up(self, question: str) -> None:
        from keybound.tui.dialogs.confirm import Confirm

        if await self.app.push_screen_wait(Confirm("Leave without storing it?", [question], "Leave and discard it")):
            self.dismiss(None)


class Scrolling(Dialog[Result], Generic[Result]):
    """A dialog whose text is scrolled where it does not fit."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll_text(-1)", show=False),
        Binding("down", "scroll_text(1)", show=False),
        Binding("pageup", "scroll_text(-10)", show=False),
        Binding("pagedown", "scroll_text(10)", show=False),
    ]

    def action_scroll_text(self, rows: int) -> None:
        """Scroll what does not fit."""
        self.query_one(Text).scroll_relative(y=rows, animate=False)


class Typed(Dialog[Result], Generic[Result]):
    """A dialog whose text is kept until the service has taken it, or it is given up on purpose. One call at a time."""

    busy = False

    async def hand_over(self, call: Callable[..., Outcome], *args: Any) -> None:
        """Call an action; the dialog leaves once it is done, and stays as it is where it was refused."""
        await self._once(self.host.act(call, *args))

    async def hand_over_warned(
        self, harm: Callable[..., Sequence[str]], verb: str, call: Callable[..., Outcome], *args: Any
    ) -> None:
        """Like :meth:`hand_over`, after what it would do to tokens at once was shown and agreed to.

        ``harm`` is called with what is in ``args``, but for a secret.
        """
        await self._once(self._warned(harm, verb, call, *args))

    async def _once(self, action: Coroutine[Any, Any, bool]) -> None:
        if self.busy:
            action.close()
            return
        self.busy = True
        try:
            done = await action
        finally:
            self.busy = False
        if done and self.is_attached:
            self.done()

    async def _warned(
        self, harm: Callable[..., Sequence[str]], verb: str, call: Callable[..., Outcome], *args: Any
    ) -> bool:
        from keybound.tui.dialogs.confirm import Warned

        found = await self.host.ask(harm, *(each for each in args if not isinstance(each, Secret)))
        if found is None:
            return False
        if found and not await self.app.push_screen_wait(Warned(f"{verb} anyway?", [*found], verb)):
            return False
        return await self.host.act(call, *args)

    def done(self) -> None:
        """It was taken."""
        self.forget()
        if self.is_current:
            self.dismiss(None)

    def forget(self) -> None:
        """Clear what was typed."""
        for box in self.query(Input):
            box.value = ""

    def action_cancel(self) -> None:
        """Leave, unless it is being stored."""
        if not self.busy:
            super().action_cancel()
