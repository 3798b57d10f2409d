"""Add a token: the secret, its name, and what it is bound to, on one page."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input, Label

from keybound.custody.view_models.adding import NewToken, Recognised
from keybound.custody.view_models.tokens import TokenView
from keybound.domain.errors import BadInputError
from keybound.domain.profile.mint import KIND
from keybound.domain.values.durations import seconds
from keybound.domain.values.names import is_name
from keybound.domain.values.variables import variable_fault
from keybound.domain.verdict.states import State
from keybound.tui.dialogs.base import Text, Typed
from keybound.tui.dialogs.bounds import Bounds
from keybound.tui.dialogs.consequences import consequences
from keybound.tui.secrets import SecretInput, secret_at_stake
from keybound.tui.styled_text import Line, Piece, line, mark
from keybound.tui.words import plural

MADE = "none: its signing key is made here"


def _label(text: str, classes: str = "label") -> Label:
    return Label(Content(text), classes=classes)


def keys_of_list() -> Line:
    """The keys of the list of bounds."""
    words = (("space", "bind"), ("←→", "reaction"), ("e", "edit the boundary"), ("+", "another key"))
    pieces = [piece for key, word in words for piece in line((f"  {key}", "bold accent"), (f" {word}", "muted"))]
    return tuple(pieces)


class AddToken(Typed[None]):
    """For a new token, or for one that is defined and has no secret yet."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "edit", show=False),
        Binding("plus", "another", show=False),
        Binding("ctrl+s", "store", show=False, priority=True),
    ]

    def __init__(self, profile: str, defined: TokenView | None) -> None:
        super().__init__()
        self._profile, self._defined = profile, defined
        self._known = Recognised()
        self._filled: dict[str, str] = {}  # what the catalogue wrote into the fields
        self._noted = False

    def compose(self) -> ComposeResult:
        """The form."""
        known = self._defined
        title = f"Add a token to {self._profile}" if known is None else f"Add a secret for {known.id}"
        with self.box(title, f"⏎ or {self.key('save')} store · tab next · space bind · esc cancel"):
            with Horizontal(classes="row"):
                yield _label("Secret")
                yield SecretInput(placeholder=MADE) if self._makes_its_key() else SecretInput()
                yield Text([""], id="count")
            yield Text([""], id="known", most=3)
            with Horizontal(classes="row"):
                yield _label("Name")
                yield Input(known.name if known else "", id="name", placeholder="what you call it")
                yield _label("Variable")
                yield Input(" ".join(known.env) if known else "", id="env", placeholder="the one it is exported as")
            with Horizontal(classes="row"):
                yield _label("Kind")
                yield Input(known.kind if known else "", id="kind", placeholder="optional")
                yield _label("Lifetime")
                yield Input("", id="ttl", placeholder="optional: in days, hours …")
            with Horizontal(classes="row"):
                yield _label("Scopes")
                yield Input(
                    " ".join(known.scopes) if known else "", id="scopes", placeholder="optional: what it may do"
                )
            if known is None:
                yield Text(
                    [
                        (),
                        line(
                            ("Bounds     ", "bold"),
                            ("Pick what it depends on; its value now is the boundary.", "muted"),
                        ),
                    ]
                )
                yield Bounds()
                yield Input(id="edit", classes="-hidden", placeholder="KEY RULE=VALUE")
                yield Text([keys_of_list()], id="hint")
            yield Text([""], id="then", most=6)
            with Horizontal(classes="buttons"):
                yield Text([f"kept in the {self.host.overview.store or 'secret'} store"], id="where")
                yield Button(Content("Store"), id="yes")
                yield Button(Content("Cancel"), id="no")

    async def on_mount(self) -> None:
        """Ask for suggestions while the secret is typed."""
        self.query_one(SecretInput).focus()
        if self._makes_its_key():
            self.query_one(SecretInput).disabled = True
            self.query_one("#yes").focus()
        self.query_one("#known").add_class("-hidden")
        if self._defined is None:
            self.run_worker(self._suggest(), group="suggest")
        else:
            for name in ("name", "env", "kind", "ttl", "scopes"):
                self.query_one(f"#{name}", Input).disabled = True
        self.tell()

    async def _suggest(self) -> None:
        offers = await self.host.ask(self.host.service.suggest, self._profile)
        if offers is not None and self.is_mounted:
            self.query_one(Bounds).show(offers)
            self.tell()

    @on(Input.Changed, "#secret, #name, #env")
    def recognise(self) -> None:
        """Ask what the secret is, as it is typed or pasted."""
        self.run_worker(self._recognise(), group="recognise")

    async def _recognise(self) -> None:
        secret = self.query_one(SecretInput).typed
        near = " ".join(self._value(name) for name in ("name", "env") if self._value(name) != self._filled.get(name))
        known = await self.host.ask(self.host.service.recognise, self._profile, secret, near)
        if known is None or not self.is_mounted or known == self._known or self.query_one(SecretInput).typed != secret:
            return
        self._known = known
        if known.notes and not self._noted:
            self._noted = True
            self.host.say("\n".join(known.notes), severity="warning")
        self._show_known()
        self._fill_in()
        self.tell()

    def _show_known(self) -> None:
        box, known = self.query_one("#known", Text), self._known
        box.set_class(not known.title, "-hidden")
        indent = " " * 11
        state = State.WARNING if known.fault else State.ACTIVE
        words = "" if known.fault else known.words
        made = [(Piece(indent), mark(state), *line((f" {known.title}", "bold"), (f"   {words}", "muted")))]
        if known.fault:
            made.append(line((f"{indent}  {known.fault}", "state-warning")))
        if known.expires:
            made.append(line((f"{indent}  expires {known.expires}", ""), ("   it says so itself", "muted")))
        box.put(made)

    def _fill_in(self) -> None:
        """Fill the fields that nobody has written in, and propose what such a token depends on."""
        if self._defined is not None:
            return
        known = self._known
        told = {"name": known.name, "env": " ".join(known.env), "kind": known.kind, "scopes": " ".join(known.scopes)}
        for name, text in told.items():
            box = self.query_one(f"#{name}", Input)
            if box.value in ("", self._filled.get(name)):
                self._filled[name] = box.value = text
        self.query_one(Bounds).propose(known.offers)

    def _value(self, name: str) -> str:
        return self.query_one(f"#{name}", Input).value.strip()

    @on(Input.Changed)
    @on(Bounds.Moved)
    def tell(self) -> None:
        """Say what would follow."""
        size = len(self.query_one(SecretInput).value)
        said = f" {plural(size, 'character')}" if size else ""
        self.query_one("#count", Text).put([line((said, "muted"))])
        chosen = self.query_one(Bounds).chosen if self.query(Bounds) else []
        self._hint()
        made = consequences(self.host.overview, self._profile, self._value("name"), self._env(), chosen)
        self.query_one("#then", Text).put([(), *made])

    def on_descendant_focus(self) -> None:
        """In the list, the reason of the key under the cursor is said."""
        self._hint()

    def _hint(self) -> None:
        for bounds in self.query(Bounds):
            here = bounds.here if bounds.has_focus else None
            self.query_one("#hint", Text).put(
                [line((f"  {here.why}", "muted"))] if here and here.why else [keys_of_list()]
            )

    def _env(self) -> tuple[str, ...]:
        return tuple(self._value("env").replace(",", " ").split())

    def action_edit(self) -> None:
        """Edit the boundary of the key under the cursor."""
        offer = self.query_one(Bounds).here if self.query(Bounds) else None
        if offer is not None:
            self._open_edit(offer.bind)

    def action_another(self) -> None:
        """Bind to a key that was not offered."""
        if self.query(Bounds):
            self._open_edit("")

    def _open_edit(self, text: str) -> None:
        box = self.query_one("#edit", Input)
        box.value = text
        box.remove_class("-hidden")
        box.focus()

    @on(Input.Submitted, "#edit")
    def edited(self, event: Input.Submitted) -> None:
        """Take the boundary over."""
        key, _, rule = event.value.strip().partition(" ")
        bounds = self.query_one(Bounds)
        if key and rule:
            outside = bounds.here.outside if bounds.here and bounds.here.key == key else "expire"
            bounds.edit(key, event.value.strip(), rule, outside)
        self.query_one("#edit").add_class("-hidden")
        bounds.focus()
        self.tell()

    @on(Input.Submitted)
    def further(self, event: Input.Submitted) -> None:
        """Enter stores once nothing is missing; until then it goes to what is."""
        if event.input.id != "edit":
            self.run_worker(self._further(event.input), group="further", exclusive=True)

    async def _further(self, here: Input) -> None:
        await self._recognise()  # a secret that was pasted a moment ago fills in the rest
        fault = self._fault()
        if fault is None or fault[1] is here:
            self.action_store()
        else:
            fault[1].focus()

    def _fault(self) -> tuple[str, Widget] | None:
        if not is_name(self._value("name")):
            return "a name is 1 to 64 characters from a-z 0-9 . _ - and starts with a letter or digit", self.query_one(
                "#name"
            )
        if not self._env() and not self._is_defined():
            return "which variable should it be exported as? For example GITHUB_TOKEN", self.query_one("#env")
        for variable in self._env():
            if fault := variable_fault(variable):
                return fault, self.query_one("#env")
        try:
            seconds(self._value("ttl") or "1d")
        except BadInputError as fault:
            return f"lifetime: {fault.what}", self.query_one("#ttl")
        if not self.query_one(SecretInput).value and not self._makes_its_key():
            return "the secret is empty", self.query_one(SecretInput)
        return None

    def done(self) -> None:
        """It is stored, and shown next."""
        self.host.to_show = self._new().id
        super().done()

    @on(Button.Pressed, "#yes")
    def action_store(self) -> None:
        """Store, or say what is missing."""
        if fault := self._fault():
            self.host.say(fault[0], severity="warning")
            fault[1].focus()
            return
        service, secret = self.host.service, self.query_one(SecretInput).typed
        wrong = [f"{self._known.title}: {self._known.fault}"] if self._known.asks else []

        def harm(new: NewToken) -> list[str]:
            return [*wrong, *service.add_harm(new)]

        self.run_worker(self.hand_over_warned(harm, "Store", service.add, self._new(), secret), group="store")

    def _makes_its_key(self) -> bool:
        """Whether the token is defined as minted: nobody gives it a secret."""
        return self._defined is not None and self._defined.kind == KIND

    def _new(self) -> NewToken:
        binds = self.query_one(Bounds).binds() if self.query(Bounds) else ()
        name = f"{self._profile}/{self._value('name')}"
        scopes = tuple(self._value("scopes").replace(",", " ").split())
        new = NewToken(name, self._env(), self._value("kind"), scopes, self._value("ttl"), binds)
        return new if self._defined is None else NewToken(name, (), "", (), "", ())

    def _named(self) -> TokenView | None:
        """The token of this name, where the profile defines it."""
        name = f"{self._profile}/{self._value('name')}"
        return next((token for token in self.host.overview.tokens if token.id == name), None)

    def _is_defined(self) -> bool:
        found = self._named()
        return found is not None and bool(found.env)

    def at_stake(self) -> str:
        """A secret that was typed."""
        return secret_at_stake(self)

    def action_cancel(self) -> None:
        """Esc in the boundary's line closes that line alone."""
        line = next(iter(self.query("#edit")), None)
        if line is not None and line.has_focus:
            line.add_class("-hidden")
            self.query_one(Bounds).focus()
        else:
            super().action_cancel()

    @on(Button.Pressed, "#no")
    def left(self) -> None:
        """Nothing is stored."""
        super().action_cancel()
