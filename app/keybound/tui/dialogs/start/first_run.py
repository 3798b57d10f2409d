"""The first run: where secrets are kept, and the first profile. Nothing is made before Enter."""

from typing import ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input, Label

from keybound.custody.view_models.first_run import StoreChoice
from keybound.custody.view_models.overview import Overview
from keybound.domain.errors import KeyboundError
from keybound.domain.text.secret import Secret
from keybound.domain.values.names import is_name
from keybound.stores.base import UNLOCK_SECONDS
from keybound.stores.choice import store_kind
from keybound.tui.dialogs.base import Dialog, Text
from keybound.tui.dialogs.start.stores import FILES, KEYRING, Stores
from keybound.tui.secrets import SecretInput
from keybound.tui.styled_text import Line, line

_KEYS = "⏎ go on · esc leave it for now"
_NAME = "a name is 1 to 64 characters from a-z 0-9 . _ - and starts with a letter or digit"


class Ready(NamedTuple):
    """A home that tokens can be added to. ``keeps``: what secrets are kept in."""

    profile: str
    keeps: str


class FirstRun(Dialog[Ready]):
    """Closes once there is a store and a profile. What is there already is not asked for again."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "other(-1)", show=False, priority=True),
        Binding("down", "other(1)", show=False, priority=True),
        Binding("ctrl+s", "store", show=False, priority=True),
    ]

    def __init__(self, overview: Overview) -> None:
        super().__init__()
        self._overview = overview
        self._asks_store = overview.store_status == "none"
        self._asks_profile = not overview.profiles
        self._busy = False
        self._waits = False  # for a person at the system's prompt
        self._kind = overview.store

    def compose(self) -> ComposeResult:
        """Stores, the passphrase of files, the profile's name, and how it goes."""
        with self.box("Welcome to Keybound", _KEYS):
            yield Text(["", *self._opening(), ""])
            if self._asks_store:
                yield Stores(id="stores")
                yield Text([""], id="given")
                with Horizontal(classes="row", id="row-passphrase"):
                    yield Label(Content("Passphrase"), classes="label")
                    yield SecretInput(id="passphrase", placeholder="typed here, not shown")
                with Horizontal(classes="row", id="row-again"):
                    yield Label(Content("Again"), classes="label")
                    yield SecretInput(id="again", placeholder="the same once more")
                yield Text([""], id="strength")
            if self._asks_profile:
                with Horizontal(classes="row"):
                    yield Label(Content("Profile"), classes="label")
                    yield Input("default", id="profile", placeholder="a name for your first set of tokens")
            yield Text([""], id="said", most=4)
            with Horizontal(classes="buttons"):
                yield Button(Content("Go on"), id="yes")
                yield Button(Content("Not now"), id="no")

    def _opening(self) -> list[Line | str]:
        if not self._asks_store:
            keeps = store_kind(self._overview.store).keeps
            return [line("Secrets are kept in ", (keeps, "bold"), ". Tokens belong to a profile: name the first one.")]
        if self._overview.tokens:
            lost = "The files that held this home's secrets are gone. Bring them back, or begin anew here."
            return [line((lost, "state-warning"))]
        profile = ", and name a first profile" if self._asks_profile else ""
        return [f"Choose where your secrets are kept{profile}. Nothing is made before you press Enter."]

    def on_mount(self) -> None:
        """Look for a keyring meanwhile."""
        if not self._asks_store:
            self.query_one("#profile").focus()
            return
        self._arrange()
        self._begin_look()

    def _begin_look(self) -> None:
        self.run_worker(self._look(), group="look", exclusive=True)

    async def _look(self) -> None:
        try:
            choice = await self.host.unlocking.run(self.host.service.first_run.store_choice)
        except KeyboundError as error:
            self._say(str(error), "state-expired")
            return
        if self.is_mounted:
            self.query_one(Stores).show(choice)
            self._arrange()
            self._first_empty().focus()

    @property
    def _choice(self) -> StoreChoice | None:
        return self.query_one(Stores).choice if self._asks_store else None

    @property
    def _types_passphrase(self) -> bool:
        choice = self._choice
        return choice is not None and self.query_one(Stores).kind == FILES and not choice.given

    @on(Stores.Moved)
    def _arrange(self) -> None:
        """Show the fields that the chosen store needs."""
        choice, typed = self._choice, self._types_passphrase
        again = typed and choice is not None and not choice.exists
        self.query_one("#row-passphrase").display = typed
        for each in ("#row-again", "#strength"):
            self.query_one(each).display = again
        given = self.query_one("#given", Text)
        if choice is not None and self.query_one(Stores).kind == FILES:
            there = "They are there already" if choice.exists else ""
            needs = f"the passphrase comes from {choice.given}" if choice.given else "their passphrase opens them"
            said = "; ".join(filter(None, [there, needs if choice.given or choice.exists else ""]))
            given.put([line((f"    {said}" if said else "", "muted"))])
        given.display = self.query_one(Stores).kind == FILES and bool(choice and (choice.exists or choice.given))
        two = choice is not None and not choice.fixed
        self.query_one("#box").border_subtitle = Content(f"↑↓ store · {_KEYS}" if two else _KEYS)

    def action_other(self, steps: int) -> None:
        """The other store."""
        if self._asks_store and not self._busy:
            self.query_one(Stores).action_walk(steps)
            self._arrange()
            self._first_empty().focus()
            if self.query_one(Stores).kind == KEYRING:
                self._begin_look()  # it may have been started meanwhile

    def _first_empty(self) -> Widget:
        """Where typing goes on; the button where nothing is left to type."""
        typed = self._types_passphrase
        names = ["#passphrase", "#again"] if typed else []
        for name in [*names, "#profile"]:
            for box in self.query(name).results(Input):
                if not box.value and box.parent is not None and getattr(box.parent, "display", True):
                    return box
        return self.query_one("#profile" if self._asks_profile else "#yes")

    @on(Input.Changed, "#passphrase")
    def measure(self) -> None:
        """Say how good the passphrase is, as it is typed."""
        self.run_worker(self._measure(), group="strength", exclusive=True)

    async def _measure(self) -> None:
        typed = self.query_one("#passphrase", SecretInput).typed
        found = await self.host.ask(self.host.service.first_run.strength, typed)
        if found is not None and self.is_mounted:
            style = "state-warning" if found.weak else "muted"
            self.query_one("#strength", Text).put([line((f"           {found.words}" if found.words else "", style))])

    @on(Input.Submitted)
    @on(Button.Pressed, "#yes")
    def action_store(self) -> None:
        """Do it, or go to what is missing."""
        if self._busy or (self._asks_store and self._choice is None):
            return
        if fault := self._fault():
            said, box = fault
            self._say(said, "state-warning")
            self._type_anew(box)
            return
        self._busy = True
        self.run_worker(self._make(), group="make")

    def _type_anew(self, box: Widget) -> None:
        """Go there; typing replaces what is there."""
        box.focus()
        if isinstance(box, Input):
            box.select_all()

    def _fault(self) -> tuple[str, Widget] | None:
        """What is missing, and where; "" where there is only more to type."""
        if self._types_passphrase:
            first, again = self.query_one("#passphrase", SecretInput), self.query_one("#again", SecretInput)
            if not first.value:
                return "an empty passphrase protects nothing", first
            if self._choice is not None and not self._choice.exists and first.value != again.value:
                return ("the two are not the same" if again.value else ""), again
        for box in self.query("#profile").results(Input):
            if not is_name(box.value.strip()):
                return _NAME, box
        return None

    async def _make(self) -> None:
        """The store, then the profile: leaving in between, the next start goes on here."""
        kind = self.query_one(Stores).kind if self._asks_store else ""
        try:
            if kind:
                await self._use(kind)
                self._kind = kind
            names = [box.value.strip() for box in self.query("#profile").results(Input)]
            self._say("Making the profile …", "muted")
            profile = await self.host.service_worker.run(self.host.service.first_run.first_profile, *names)
        except KeyboundError as error:
            self._failed(kind, error)
            return
        finally:
            self._busy = False
        for box in self.query(SecretInput):
            box.value = ""
        if self.is_attached:
            self.dismiss(Ready(profile, store_kind(self._kind).keeps))

    async def _use(self, kind: str) -> None:
        choice = self._choice
        self._waits = kind == KEYRING and choice is not None and choice.locked
        waiting = f"Waiting for the keyring's password in your system's own window, up to {UNLOCK_SECONDS:g} s …"
        self._say(waiting if self._waits else "Opening …", "muted")
        typed = self.query_one("#passphrase", SecretInput).typed if self._types_passphrase else Secret("")
        await self.host.unlocking.run(self.host.service.first_run.use_store, kind, typed)
        self._waits = False
        self._asks_store = False  # a profile that cannot be made asks for no other store

    def _failed(self, kind: str, error: KeyboundError) -> None:
        self._waits = False
        if kind == KEYRING and self._asks_store:
            self.query_one(Stores).refuse(error.what)
            self._say("The keyring cannot be used; encrypted files can.", "state-warning")
            self._arrange()
        else:
            self._say(str(error), "state-expired")
        self._type_anew(self.query_one("#passphrase") if self._types_passphrase else self._first_empty())

    def _say(self, said: str, style: str) -> None:
        self.query_one("#said", Text).put([line((part, style)) for part in said.split("\n")])

    @on(Button.Pressed, "#no")
    def left(self) -> None:
        """Look around; a, i and L ask again."""
        self.action_cancel()

    def action_cancel(self) -> None:
        """Leave, with nothing made; unless it is being made. A prompt of the system's goes on by itself."""
        if self._busy and not self._waits:
            return
        for box in self.query(SecretInput):
            box.value = ""
        self.dismiss(None)
