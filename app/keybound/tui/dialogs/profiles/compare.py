"""Two profiles side by side: what differs."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button

from keybound.domain.profile.comparison import Difference
from keybound.domain.verdict.verdict import Shown
from keybound.tui.app_protocol import AppProtocol
from keybound.tui.dialogs.base import Scrolling, Text
from keybound.tui.dialogs.profiles.form import Asked, ProfileForm
from keybound.tui.styled_text import Line, fit, length, line
from keybound.tui.words import plural

COLUMN = 20  # cells of a column; a value that is longer has a line of its own


class CompareProfiles(Scrolling[None]):
    """What differs, a key a row."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("q,ctrl+d", "cancel", show=False)]

    def __init__(self, left: str, right: str, found: Sequence[Difference]) -> None:
        super().__init__()
        self._left, self._right, self._found = left, right, found

    def compose(self) -> ComposeResult:
        """A heading, the groups, a way out."""
        count = plural(len(self._found), "difference")
        with self.box(f"{self._left} and {self._right} · {count}", "↑↓ scroll · esc back"):
            yield Text(rows(self._left, self._right, self._found), most=28)
            with Horizontal(classes="buttons"):
                yield Button(Content("Close"), id="close")

    def on_button_pressed(self) -> None:
        """Back."""
        self.dismiss(None)


def rows(left: str, right: str, found: Sequence[Difference]) -> list[Line]:
    """Values beside each other where they fit, below each other where not."""
    if not found:
        return [(), line((f"{left} and {right} do not differ.", "muted")), ()]
    made: list[Line] = [line((f"  {fit('', COLUMN)} {fit(left, COLUMN)} {right}", "bold"))]
    group = ""
    for each in found:
        if each.group != group and each.group != each.key:
            made.append(line((each.group, "bold group")))
        group = each.group
        made += _row(each, left, right)
    return [*made, ()]


def _row(each: Difference, left: str, right: str) -> list[Line]:
    key = each.key.removeprefix(f"{each.group}.")
    mine, theirs = _said(each.left), _said(each.right)
    if all(length(line(part)) <= COLUMN for part in (key, mine[0], theirs[0])):
        return [line((f"  {fit(key, COLUMN)} ", ""), (fit(mine[0], COLUMN) + " ", mine[1]), theirs)]
    sides = [line((f"    {fit(name, 12)} ", "muted"), said) for name, said in ((left, mine), (right, theirs))]
    return [line(f"  {key}"), *sides]


def _said(value: Shown | None) -> tuple[str, str]:
    return ("–", "muted") if value is None else (value.words, "accent")


async def compare(app: AppProtocol, name: str) -> None:
    """Ask which profile to compare one with, and show what differs."""
    others = [each.name for each in app.overview.profiles if each.name != name]
    if not others:
        app.say(f"there is no profile beside {name}")
        return
    other = app.overview.active if app.overview.active in others else others[0]
    fault = f"no such profile; there are {', '.join(others)}"
    asked = Asked("With", other, "a profile", lambda text: "" if text in others else fault)
    answer = [other]
    if len(others) > 1:
        given = await app.push_screen_wait(ProfileForm(f"Compare {name}", "Compare", [], [asked]))
        if not given:
            return
        answer = list(given)
    found = await app.ask(app.service.profiles.compare, name, answer[0])
    if found is not None:
        await app.push_screen_wait(CompareProfiles(name, answer[0], found))
