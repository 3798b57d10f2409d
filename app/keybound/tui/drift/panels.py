"""The list of what is outside, of what asks for attention otherwise, and of what was put right."""

from collections.abc import Sequence

from keybound.custody.view_models.overview import EventView, Overview, ProfileView
from keybound.custody.view_models.tokens import TokenView
from keybound.domain.verdict.states import State
from keybound.tui.app_protocol import host
from keybound.tui.canvas import ListCanvas
from keybound.tui.drift.gather import Drift, drifts, matching, others, parts, settled
from keybound.tui.drift.muted import Muted
from keybound.tui.empty import indented, lacks
from keybound.tui.styled_text import Line, Piece, cut, hue, line, mark, spread
from keybound.tui.tokens.reasons import Reason, reasons, recorded, told
from keybound.tui.words import part_names, row_place, short_moment

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
        self.needle = ""
        self.muted = Muted()

    @property
    def shown(self) -> list[Drift]:
        """What is outside and matches the filter."""
        return matching(drifts(host(self).overview, self.events), self.needle)

    def entries(self, width: int) -> Sequence[tuple[str, Sequence[Line]]]:
        """Three lines each where there is room beside, two where not."""
        overview, now = host(self).overview, host(self).now()
        wide = width > 60
        found = self.shown
        loud = [drift for drift in found if drift not in self.muted]
        made: list[tuple[str, Sequence[Line]]] = [] if loud else [("", self._nothing(found))]
        for drift in loud:
            made.append((drift.name, [*_entry(drift, width, now, wide=wide), *([] if wide else [()])]))
        made += _muted([drift for drift in found if drift in self.muted], width)
        if self.needle:
            return made
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

    def _nothing(self, found: Sequence[Drift]) -> list[Line]:
        if found:
            return [line((" All that is outside is muted.", "muted")), ()]
        if self.needle:
            return [line((" No matches.", "muted"))]
        return [*(indented(lacks(host(self))) or [_calm(host(self).overview)]), ()]


def _muted(found: Sequence[Drift], width: int) -> list[tuple[str, Sequence[Line]]]:
    """A line each: they are seen, and listed."""
    rows: list[tuple[str, Sequence[Line]]] = [
        (drift.name, [cut((Piece(" "), mark(drift.state), *line((f" {drift.key}", "muted"))), width)])
        for drift in found
    ]
    return [("", [line((" Muted", "bold group"))]), *rows, ("", [()])] if rows else []


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
    why = next((each.text for each in own_reasons(token)), "")
    return [cut(head, width), cut(line(("    " + why, "muted")), width)]


def own_reasons(token: TokenView) -> list[Reason]:
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
