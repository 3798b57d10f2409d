"""Import: look for plain tokens on this machine, and take those that are ticked."""

from collections.abc import Sequence
from contextlib import suppress
from threading import Event
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button

from keybound.custody.view_models.plain import Searched
from keybound.domain.errors import KeyboundError, StoreLockedError
from keybound.tui.dialogs.base import Dialog, Text
from keybound.tui.dialogs.plain_list import PlainList, counted
from keybound.tui.dialogs.plain_words import of_finding, of_tokens, then
from keybound.tui.styled_text import line
from keybound.tui.words import plural

_REST = 13  # rows of the box beside the list
_SHOWN = 0.1  # seconds between two looks at how far the search is


class ImportPlain(Dialog[None]):
    """Nothing is read before this opens, and nothing stored before Enter. Closing it ends the search."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+a", "all", show=False),
        Binding("o", "replace", show=False),
        Binding("enter", "import_them", show=False),
    ]

    def __init__(self, profile: str) -> None:
        super().__init__()
        self._profile = profile
        self._over = Event()
        self._far = Searched(0, 0)
        self._busy = False

    def compose(self) -> ComposeResult:
        """What is being done, the list, what is under the cursor, what would follow."""
        with self.box(f"Import plain tokens into {self._profile}", ""):
            yield Text([""], id="state")
            yield PlainList()
            yield Text([""], id="about", most=6)
            yield Text([""], id="then", most=4)
            with Horizontal(classes="buttons"):
                yield Button(Content("Import"), id="yes")
                yield Button(Content("Close"), id="no")

    def on_resize(self) -> None:
        """The list takes the rows that the rest leaves."""
        super().on_resize()
        rest = _REST + (2 if self.size.height >= 32 else 0) + (3 if self.size.width < 76 else 0)
        self.query_one(PlainList).styles.max_height = max(self.size.height - rest, 3)

    def on_mount(self) -> None:
        """Look for them, by a worker of its own: the other calls of the service go on."""
        self._keys("esc close")
        for each in ("#plain", "#about", "#then", "#yes"):
            self.query_one(each).display = False
        self.query_one("#no").focus()
        self._tick()
        self._timer = self.set_interval(_SHOWN, self._tick)
        self.run_worker(self._search(), group="search")

    def _keys(self, keys: str) -> None:
        self.query_one("#box").border_subtitle = Content(keys)

    def _tick(self) -> None:
        far = self._far
        said = f"  {plural(far.files, 'file')}, {plural(far.found, 'token')} so far"
        self.query_one("#state", Text).put([line(("Looking in the usual places …", "bold"), (said, "muted"))])

    def _goes_on(self, far: Searched) -> bool:
        self._far = far
        return not self._over.is_set()

    async def _search(self) -> None:
        service = self.host.service
        try:
            await self.host.searching.run(service.search_plain, self._goes_on)
        except KeyboundError as error:
            self.host.say(str(error), severity="error")
            self.action_cancel()
            return
        if not self._over.is_set():
            await self._show()

    async def _show(self) -> None:
        found = await self.host.ask(self.host.service.plain_found, self._profile)
        if self._over.is_set() or not self.is_mounted:
            return
        if found is None:
            self.action_cancel()
            return
        self._timer.stop()
        self.query_one("#state", Text).put([line((counted(found), "muted"))])
        if not (found.sources or found.by_hand or found.notes):
            self._say_nothing_found()
            return
        plain = self.query_one(PlainList)
        for each in ("#plain", "#about", *(("#then", "#yes") if found.sources else ())):
            self.query_one(each).display = True
        plain.show(found)
        plain.focus()
        self.tell()

    def _say_nothing_found(self) -> None:
        about = self.query_one("#about", Text)
        about.display = True
        about.put(
            [
                (),
                "No plain tokens were found in shell histories and start-up files, in the files of tools, editors and "
                "coding agents, and in this folder.",
                (),
                line(("keybound import FILE", "bold accent"), ("   takes them from any other file", "muted")),
                line(("keybound scan FOLDER", "bold accent"), ("   looks for them in a whole folder", "muted")),
                (),
            ]
        )

    @on(PlainList.Moved)
    def tell(self) -> None:
        """Explain what is under the cursor, and say what Enter would do."""
        plain = self.query_one(PlainList)
        source, tokens = plain.here()
        hand = plain.finding()
        about = of_finding(hand) if hand else [line(plain.note())]
        if source:
            about = of_tokens(source, tokens, plain.replacing, self.key("replace"))
        self.query_one("#about", Text).put([(), *about])
        self.query_one("#then", Text).put(then(plain, self.key("replace")))
        new = [one for one in plain.chosen if not one.stored]
        self.query_one("#yes", Button).label = Content("Import" if new or not plain.chosen else "Replace")
        if not self._can_import:
            return
        done = "⏎" if self.size.width < 62 else "⏎ import"
        self._keys(f"space tick · {self.key('all')} all · {self.key('replace')} replace · {done} · esc close")

    @property
    def _can_import(self) -> bool:
        return bool(self.query("#yes").first().display)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """What acts on the list waits until there is one."""
        return action not in ("all", "replace", "import_them") or self._can_import

    def action_all(self) -> None:
        """Tick everything, or nothing."""
        self.query_one(PlainList).toggle_all()

    def action_replace(self) -> None:
        """Replace the plain copies, too, or leave them."""
        plain = self.query_one(PlainList)
        plain.replacing = not plain.replacing
        plain.repaint()
        self.tell()

    @on(PlainList.Chosen)
    @on(Button.Pressed, "#yes")
    def action_import_them(self) -> None:
        """Take what is ticked."""
        plain = self.query_one(PlainList)
        if not self._can_import:
            return
        if not plain.chosen:
            self.host.say("nothing is ticked", severity="warning")
        elif not self._busy:
            self._busy = True
            self.run_worker(self._import([one.number for one in plain.chosen], replace=plain.replacing), group="import")

    async def _import(self, numbers: Sequence[int], *, replace: bool) -> None:
        service, plain = self.host.service, self.query_one(PlainList)
        count = sum(not one.stored for one in plain.chosen)
        stored = [0]

        def tell() -> None:
            said = f"Storing … {stored[-1]} of {plural(count, 'token')}" if count else "Replacing …"
            self.query_one("#then", Text).put([(), line((said, "bold")), ()])

        tell()
        timer = self.set_interval(_SHOWN, tell)
        try:
            done = await self.host.service_worker.run(service.import_plain, numbers, replace, stored.append)
        except KeyboundError as error:
            self.host.say(str(error), severity="error")
            self._busy = False
            if isinstance(error, StoreLockedError):
                self.host.open_store()
            self.host.look_again()
            await self._renew()
            return
        finally:
            timer.stop()
        from keybound.tui.dialogs.imported import ImportedDone, toast

        self.host.expected |= dict.fromkeys(done.stored, True)
        self.host.say(toast(done), severity="warning" if done.not_stored or done.not_replaced else "information")
        self.host.look_again()
        self._leave()
        self.app.push_screen(ImportedDone(done, plain.found.by_hand))

    async def _renew(self) -> None:
        """Some may be stored now; what is ticked stays so. Where that cannot be known either, the list stays as it is."""
        with suppress(KeyboundError):
            found = await self.host.service_worker.run(self.host.service.plain_found, self._profile)
            self.query_one(PlainList).renew(found)
        self.tell()

    @on(Button.Pressed, "#no")
    def action_cancel(self) -> None:
        """Close, with nothing stored; unless it is being stored."""
        if not self._busy:
            self._leave()

    def _leave(self) -> None:
        self._over.set()
        self.host.run_worker(self.host.searching.run(self.host.service.forget_plain), group="forget")
        self.dismiss(None)
