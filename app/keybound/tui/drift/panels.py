"""The list of what is outside, and the panel that says what it was, what it hit and what can be done."""

from collections.abc import Sequence

from keybound.custody.view_models.overview import EventView, Overview, ProfileView
from keybound.custody.view_models.tokens import TokenView
from keybound.domain.values.event_kinds import EventKind
from keybound.domain.verdict.states import State
from keybound.domain.verdict.wording import in_sentence
from keybound.tui.app_protocol import host
from keybound.tui.canvas import Canvas, ListCanvas
from keybound.tui.drift.gather import Drift, drifts, others, parts, settled
from keybound.tui.empty import indented, lacks
from keybound.tui.styled_text import Line, Piece, cut, fit, hue, line, mark, spread, wrapped
from keybound.tui.tokens.detail import of_profile
from keybound.tui.tokens.reasons import Reason, only_a_new_secret_helps, reasons, recorded, told
from keybound.tui.words import moment, part_names, row_place, short_moment

DAY = 86_400.0


def hit_words(drift: Drift) -> str:
    """``deploy expired``."""
    names = ", ".join(token.name for token, _ in drift.hits)
    return f"{names} {'warned' if drift.state is State.WARNING else drift.state.word}"


def values(drift: Drift) -> Line:
    """``false → true``."""
    before = "?" if drift.row.approved is None else drift.row.approved.words
    after = "cannot be read" if drift.row.inside is None else drift.row.now.words
    return line((f"{before} → ", "muted"), (after, f"bold {hue(drift.state)}"))


class DriftList(ListCanvas):
    """Keys outside, tokens that ask for attention otherwise, and what was settled today."""

    def __init__(self) -> None:
        super().__init__(id="outside")
        self.events: Sequence[EventView] = ()

    def entries(self, width: int) -> Sequence[tuple[str, Sequence[Line]]]:
        """Three lines each where there is room beside, two where not."""
        overview, now = host(self).overview, host(self).now()
        wide = width > 60
        found = drifts(overview, self.events)
        calm = _calm(overview)
        empty = indented(lacks(host(self)))
        made: list[tuple[str, Sequence[Line]]] = [] if found else [("", [*(empty or [calm]), ()])]
        for drift in found:
            made.append((drift.name, [*_entry(drift, width, now, wide=wide), *([] if wide else [()])]))
        rest, own = others(overview), parts(overview)
        if rest or own:
            made.append(("", [line((" Needs attention", "bold group"))]))
            made += [(f"profile {profile.name}", _part(profile, width)) for profile in own]
            made += [(f"token {token.id}", _token(token, width)) for token in rest]
        done = settled(self.events, now - DAY)
        if done and not wide:
            made.append(("", [(), line((" Fixed in the last day", "bold group"))]))
            made += [("", _settled(event, width, now)) for event in done]
        return made


def unread(overview: Overview) -> str:
    """Why it is not known of every token whether it is inside its bounds, or ""."""
    reasons = dict.fromkeys(token.unread for token in overview.tokens if token.unread)
    return " and ".join(reasons)


def _calm(overview: Overview) -> Line:
    if reason := unread(overview):
        return (Piece(" "), mark(State.SUSPENDED), *line((f" Some tokens are not known now: {reason}.", "")))
    return line((" ● ", "state-active"), ("Everything is inside its boundary.", ""))


def _entry(drift: Drift, width: int, now: float, *, wide: bool) -> list[Line]:
    at = short_moment(drift.at, now) if drift.at else ""
    name = drift.key
    head = spread(
        (Piece(" "), mark(drift.state, "bold"), Piece(f" {line(name)[0].text}", "bold")),
        line((at + " ", "muted")),
        width,
    )
    hit = (hit_words(drift), hue(drift.state))
    where = (f"   {drift.profile}", "muted")
    if wide:
        return [head, cut((Piece("    "), *values(drift), *line("   ", hit, where)), width)]
    return [head, cut((Piece("    "), *values(drift)), width), cut(line("    ", hit, where), width)]


def _token(token: TokenView, width: int) -> list[Line]:
    head = (
        Piece(" "),
        mark(token.state, "bold"),
        *line((f" {token.id} ", "bold"), (token.state.word, hue(token.state))),
    )
    why = next((each.text for each in _own(token)), "")
    return [cut(head, width), cut(line(("    " + why, "muted")), width)]


def _own(token: TokenView) -> list[Reason]:
    """Its reasons but for keys that are outside now: each of those has an entry of its own."""
    past = recorded(token.findings)
    return [Reason(told(past), row_place(past))] if past else reasons(token)


def _part(profile: ProfileView, width: int) -> list[Line]:
    head = line((f" {profile.name} ", "bold"), ("unapproved", hue(State.UNAPPROVED)))
    said = line((f"    its own {part_names(profile.unapproved_parts)}", "muted"))
    return [cut((Piece(" "), mark(State.UNAPPROVED, "bold"), *head), width), cut(said, width)]


def _settled(event: EventView, width: int, now: float) -> list[Line]:
    head = (Piece("  "), mark(State.ACTIVE), *line((f" {event.id}", "")))
    return [
        spread(head, line((short_moment(event.at, now) + " ", "muted")), width),
        line((f"    {event.kind}", "muted")),
    ]


class DriftDetail(Canvas, can_focus=True):
    """One key that is outside, or one token or profile that asks for attention."""

    drift: Drift | None = None
    token: TokenView | None = None
    profile: ProfileView | None = None
    events: Sequence[EventView] = ()

    def __init__(self) -> None:
        super().__init__(id="drift")

    def lines(self, width: int) -> Sequence[Line]:
        """The blocks."""
        now = host(self).now()
        if self.drift is not None:
            made = _blocks(self.drift, self.events, width, now, boxed=self.app.size.width >= 100)
        elif self.token is not None:
            made = _token_blocks(self.token, width, now)
        elif self.profile is not None:
            made = [*of_profile(self.profile)[:-1], (), line(("What you can do", "bold")), *_part_ways(self.profile)]
        else:
            calm = "Nothing is outside. Changes show up here as they happen."
            reason = unread(host(self).overview)
            made = [line((f"What is outside is not known: {reason}." if reason else calm, "muted"))]
        return [cut(each, width) for each in made]


def _blocks(drift: Drift, events: Sequence[EventView], width: int, now: float, *, boxed: bool) -> list[Line]:
    start = _boxes(drift, width) if boxed else _inline(drift)
    return [*start, (), *_hits(drift, now), (), *_ways(drift), *_before(drift, events, now)]


def _inline(drift: Drift) -> list[Line]:
    before, after = _ends(drift)
    return [
        line(
            ("approved ", "muted"), (f" {before} ", "bold on chip"), ("  →  now ", "muted"),
            (f" {after} ", f"bold {hue(drift.state)} on chip"), (f"   {row_place(drift.row)}", "accent"),
        )
    ]  # fmt: skip


def _ends(drift: Drift) -> tuple[str, str]:
    row = drift.row
    before = "not known" if row.approved is None else row.approved.words
    after = "cannot be read" if row.inside is None else row.now.words
    return before, after


def _boxes(drift: Drift, width: int) -> list[Line]:
    """Approved and now, side by side, framed."""
    each = (width - 9) // 2
    before, after = _ends(drift)
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


def _ways(drift: Drift) -> list[Line]:
    before, after = _ends(drift)
    names = ", ".join(token.name for token, _ in drift.hits)
    sticky = [token.name for token, _ in drift.hits if token.state is State.EXPIRED]
    own = drift.row.group in ("settings", "flags", "roles", "env")
    made = [line(("What you can do", "bold"))]
    if own and drift.row.approved is not None:
        made.append(_way("u", "Put the value back", f"writes {drift.row.label} = {before}, comments kept"))
        if sticky:
            made.append(line((" " * 25 + f"{', '.join(sticky)} stays expired until A or r", "state-warning")))
    if drift.row.set_by:
        made.append(
            _way(" ", f"Set {drift.row.set_by}", "otherwise, in the shell that has it: nothing is lost meanwhile")
        )
    made.append(_way("w", "Widen the boundary", f"{names} would also accept {after}; then approve"))
    made.append(_way("A", "Approve", "accepts readings that no boundary forbids"))
    made.append(_way("r", "Refresh", "a new secret for the token"))
    made.append(
        _way(
            "e",
            "Edit",
            f"opens {row_place(drift.row)}" if own and row_place(drift.row) else "opens the profile at the token",
        )
    )
    return made


def _way(key: str, verb: str, says: str) -> Line:
    return line(("  " + key + "  ", "bold accent"), (fit(verb, 19) + " ", "bold"), (says, "muted"))


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


def _part_ways(profile: ProfileView) -> list[Line]:
    ways = [_way("A", "Approve", "shows the difference first")]
    return [*ways, _way("e", "Edit", f"opens {profile.name}.toml")]


def _token_blocks(token: TokenView, width: int, now: float) -> list[Line]:
    ways = [] if only_a_new_secret_helps(token) else [_way("A", "Approve", "shows the difference first")]
    ways.append(_way("r", "Refresh", "a new secret for the token"))
    ways.append(_way("e", "Edit", f"opens {token.defined_at}"))
    if token.unread:
        mend = _way("e", "Fix the profile", f"opens {token.profile}.toml")
        ways = [_way("L", "Unlock", "opens the store")] if token.stale else [mend]
    since = f"  since {moment(token.since, now)}" if token.since else ""
    state = line((f" {token.id} ", "bold"), (token.state.word, hue(token.state)), (since, "muted"))
    made: list[Line] = [(mark(token.state, "bold"), *state)]
    for each in _own(token):
        made += wrapped((*each.said, *line((f"   {each.place}" if each.place else "", "accent"))), width, 2)
    return [*made, (), line(("What you can do", "bold")), *ways]
