"""The panel of one drift: what the value was and is, what it hit, and the ways out, which can be walked."""

from collections.abc import Sequence
from typing import NamedTuple

from textual import on
from textual.message import Message

from keybound.custody.view_models.overview import EventView, ProfileView
from keybound.custody.view_models.plans import PutBack
from keybound.custody.view_models.tokens import TokenView
from keybound.domain.values.event_kinds import EventKind
from keybound.domain.verdict.states import State
from keybound.domain.verdict.wording import in_sentence
from keybound.tui.app_protocol import host
from keybound.tui.canvas import ListCanvas
from keybound.tui.drift.gather import Drift, ends
from keybound.tui.drift.panels import own_reasons, unread
from keybound.tui.drift.ways import Way, ways_of_drift, ways_of_profile, ways_of_token
from keybound.tui.profile.compare import edits
from keybound.tui.styled_text import Line, cut, fit, hue, line, mark, wrapped
from keybound.tui.tokens.detail import of_profile
from keybound.tui.tokens.reasons import recorded
from keybound.tui.words import moment, row_place


class Subject(NamedTuple):
    """What the panel is about: a drift with the text that would put it back, or a token, or a profile, or nothing."""

    drift: Drift | None = None
    token: TokenView | None = None
    profile: ProfileView | None = None
    muted: bool = False

    @property
    def ways(self) -> list[Way]:
        """The ways out."""
        if self.drift is not None:
            return ways_of_drift(self.drift, muted=self.muted)
        if self.token is not None:
            return ways_of_token(self.token)
        return ways_of_profile(self.profile) if self.profile is not None else []


class DriftDetail(ListCanvas):
    """One key that is outside, or one token or profile that asks for attention. Enter takes the way under the cursor."""

    class Taken(Message):
        """A way out was chosen; ``action``: its name in ``[keys]``."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    subject = Subject()
    events: Sequence[EventView] = ()
    text: PutBack | None = None  # the file of the drift's key, as it is and with the approved value

    def __init__(self) -> None:
        super().__init__(id="drift")

    def entries(self, width: int) -> Sequence[tuple[str, Sequence[Line]]]:
        """What it is, the ways out, what was before."""
        now, subject = host(self).now(), self.subject
        start = [cut(each, width) for each in self._start(width, now)]
        ways = [(way.action, [cut(each, width) for each in way.lines(self._key(way))]) for way in subject.ways]
        made = [("", start), *ways]
        if subject.drift is not None:
            made.append(("", [cut(each, width) for each in _before(subject.drift, self.events, now)]))
        return made

    def _key(self, way: Way) -> str:
        return host(self).keyboard.key(way.action) if way.action else ""

    def _start(self, width: int, now: float) -> list[Line]:
        drift, token, profile, _ = self.subject
        title: list[Line] = [(), line(("What you can do", "bold"))]
        if drift is not None:
            head = _boxes(drift, width) if self.app.size.width >= 100 else _inline(drift)
            return [
                *head,
                *_times(drift, self.events, now),
                *_difference(self.text, drift.state),
                (),
                *_hits(drift, now),
                *title,
            ]
        if token is not None:
            return [*_token_blocks(token, width, now), *title]
        if profile is not None:
            return [*of_profile(profile)[:-1], *title]
        calm = "Nothing is outside. Changes show up here as they happen."
        reason = unread(host(self).overview)
        return [line((f"What is outside is not known: {reason}." if reason else calm, "muted"))]

    @on(ListCanvas.Moved)
    def _stays(self, event: ListCanvas.Moved) -> None:
        """The pane follows the list, not the ways."""
        event.stop()

    def on_focus(self) -> None:
        """The way under the cursor is in view."""
        self.show_cursor()

    def action_choose(self) -> None:
        """Take the way under the cursor."""
        if self.cursor:
            self.post_message(self.Taken(self.cursor))

    def action_walk(self, steps: int) -> None:
        """Move over the ways; past the last one, scroll to what is below."""
        before = self.cursor
        super().action_walk(steps)
        if self.cursor == before:
            self.scroll_relative(y=steps, animate=False)

    def is_here(self, at: int) -> bool:
        """The mark is shown only where Enter obeys it."""
        return self.has_focus and super().is_here(at)


def _difference(text: PutBack | None, state: State) -> list[Line]:
    """The file's lines: neutral as approved, in the state's colour as they are now."""
    if text is None or text.before == text.after:
        return []
    return [(), line((f"{text.profile}.toml", "bold")), *edits(text.after, text.before, hue(state))]


def _inline(drift: Drift) -> list[Line]:
    before, after = ends(drift)
    return [
        line(
            ("approved ", "muted"), (f" {before} ", "bold on chip"), ("  →  now ", "muted"),
            (f" {after} ", f"bold {hue(drift.state)} on chip"), (f"   {row_place(drift.row)}", "accent"),
        )
    ]  # fmt: skip


def _boxes(drift: Drift, width: int) -> list[Line]:
    """Approved and now, side by side, framed."""
    each = (width - 9) // 2
    before, after = ends(drift)
    gap, style = " " * 5, hue(drift.state)

    def row(left: tuple[str, str], middle: str, right: tuple[str, str]) -> Line:
        return line(left, (middle, "muted"), right)

    rule = "─" * (each - 2)
    return [
        line((fit("approved", each + 5), "muted"), ("now", "muted")),
        row((f"╭{rule}╮", "edge"), gap, (f"╭{rule}╮", style)),
        line(
            ("│ ", "edge"),
            (fit(before, each - 4), "bold"),
            (" │", "edge"),
            ("  →  ", "muted"),
            ("│ ", style),
            (fit(after, each - 4), f"bold {style}"),
            (" │", style),
        ),
        row((f"╰{rule}╯", "edge"), gap, (f"╰{rule}╯", style)),
        line((fit("bound to " + drift.row.rule, each + 5), "muted"), (row_place(drift.row), "accent")),
    ]


def _hits(drift: Drift, now: float) -> list[Line]:
    made = [line(("What it affects", "bold"))]
    for token, row in drift.hits:
        state = row.state if recorded(token.findings) else token.state  # what it expired by before has its own entry
        since = f" {moment(token.since, now)}" if token.since and state is token.state else ""
        must = f"   must be {in_sentence(row.rule)}, else {row.outside}"
        made.append(
            (
                mark(state, "bold"),
                *line((f" {fit(token.id, 18)} ", "bold"), (state.word + since, hue(state)), (must, "muted")),
            )
        )
    return made


_ACCEPTS = (EventKind.ADDED, EventKind.APPROVED, EventKind.SEALED, EventKind.REFRESHED, EventKind.ADOPTED)


def _times(drift: Drift, events: Sequence[EventView], now: float) -> list[Line]:
    """When its tokens were last approved and when the change was noticed, each with the program that did it."""
    ids = {token.id for token, _ in drift.hits}
    own = [event for event in events if event.id in ids]
    approved = next((event for event in own if event.kind in _ACCEPTS), None)
    noticed = next((event for event in own if event.kind not in _ACCEPTS and drift.key in event.text), None)
    told = [
        f"{word} {moment(event.at, now)} by {event.by}"
        for word, event in (("approved", approved), ("noticed", noticed))
        if event is not None
    ]
    return [line((said, "muted")) for said in told]


def _before(drift: Drift, events: Sequence[EventView], now: float) -> list[Line]:
    ids = {token.id for token, _ in drift.hits}
    rows = [event for event in events if event.id in ids and event.kind != EventKind.RELEASED][:6]
    if not rows:
        return []
    made = [(), line(("Earlier events", "bold"))]
    for event in rows:
        style = hue(event.state) if event.state is not None else "muted"
        made.append(
            line((f"  {fit(moment(event.at, now), 16)} ", "muted"), (fit(event.kind, 11), style), (event.text, "muted"))
        )
    return made


def _token_blocks(token: TokenView, width: int, now: float) -> list[Line]:
    since = f"  since {moment(token.since, now)}" if token.since else ""
    state = line((f" {token.id} ", "bold"), (token.state.word, hue(token.state)), (since, "muted"))
    made: list[Line] = [(mark(token.state, "bold"), *state)]
    for each in own_reasons(token):
        made += wrapped((*each.said, *line((f"   {each.place}" if each.place else "", "accent"))), width, 2)
    return made
