"""Flags and roles as switches; space changes the text, not the file."""

import tomllib
from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple

from textual.binding import Binding, BindingType
from textual.message import Message

from keybound.custody.view_models.overview import ProfileView
from keybound.tui.canvas import ListCanvas
from keybound.tui.styled_text import Line, Piece, fit, line


class SwitchState(NamedTuple):
    """A flag or a role: on in the text, on in the file as it was read last, and written in the profile itself."""

    kind: str
    name: str
    on: bool
    was: bool
    own: bool


def states(profile: ProfileView | None, text: str) -> list[SwitchState]:
    """Read the switches out of the text; what it does not say is as the profile has it."""
    if profile is None:
        return []
    try:
        data: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        data = {}
    flags = data.get("flags") if isinstance(data.get("flags"), dict) else {}
    roles = data.get("roles") if isinstance(data.get("roles"), dict) else {}
    active = (roles or {}).get("active")
    made = [
        SwitchState("flags", name, bool((flags or {}).get(name, now)), now, own) for name, now, own in profile.flags
    ]
    for name, was in profile.roles:
        on = name in active if isinstance(active, list) else was
        made.append(SwitchState("roles", name, on, was, own=isinstance(active, list)))
    return made


class Switches(ListCanvas):
    """The switches of one profile."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "choose", show=False)]

    def __init__(self) -> None:
        super().__init__(id="switches")
        self.states: Sequence[SwitchState] = ()

    class Flipped(Message):
        """A switch was flipped: what to write, and where."""

        def __init__(self, keypath: tuple[str, ...], value: object) -> None:
            super().__init__()
            self.keypath = keypath
            self.value = value

    def show(self, found: Sequence[SwitchState]) -> None:
        """Show these."""
        self.states = found
        self.repaint()

    @property
    def wanted_height(self) -> int:
        """Rows for every switch, its heading and the border, at most 14."""
        return min(len(self.states) + len({state.kind for state in self.states}), 12) + 2 if self.states else 3

    def entries(self, width: int) -> Sequence[tuple[str, Sequence[Line]]]:
        """Flags, then roles."""
        made: list[tuple[str, Sequence[Line]]] = []
        for kind, head in (("flags", "Flags"), ("roles", "Roles")):
            group = [state for state in self.states if state.kind == kind]
            if group:
                made.append(("", [line((f" {head}", "bold"))]))
            made += [(f"{kind}.{state.name}", [_row(state, width)]) for state in group]
        return made or [("", [line((" No flags or roles.", "muted"))])]

    def action_choose(self) -> None:
        """Flip the switch under the cursor."""
        state = next((each for each in self.states if f"{each.kind}.{each.name}" == self.cursor), None)
        if state is None:
            return
        if state.kind == "flags":
            self.post_message(self.Flipped(("flags", state.name), not state.on))
            return
        active = [each.name for each in self.states if each.kind == "roles" and each.on and each is not state]
        if not state.on:
            active.append(state.name)
        self.post_message(self.Flipped(("roles", "active"), active))


def _row(state: SwitchState, width: int) -> Line:
    knob = Piece(" ─● ", "on-accent on accent") if state.on else Piece(" ●─ ", "muted on chip")
    was = f"was {'on' if state.was else 'off'}" if state.on is not state.was else ""
    note = was or ("" if state.own else "inherited")
    style = "state-warning" if was else "muted"
    return (
        Piece("  "),
        knob,
        *line((" on  " if state.on else " off ", "muted"), (fit(state.name, max(width - 22, 8)) + " ", "bold")),
        *line((note, style)),
    )
