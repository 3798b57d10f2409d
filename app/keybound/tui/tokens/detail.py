"""What is known of one token: the panel beside the table, and its three-line form for narrow terminals."""

from collections.abc import Sequence

from keybound.custody.view_models.overview import ProfileView
from keybound.custody.view_models.tokens import TokenView, UsageView
from keybound.domain.verdict.states import State
from keybound.tui.app_protocol import host
from keybound.tui.canvas import Canvas
from keybound.tui.styled_text import Line, Piece, cut, fit, hue, line, mark, wrapped
from keybound.tui.tokens.lost import lost_lines
from keybound.tui.tokens.reasons import Reason, only_a_new_secret_helps, reasons
from keybound.tui.tokens.releases import DAYS, per_day, releases
from keybound.tui.words import PARTS, bar, left, moment, plural, share, short_moment, span, sparkline

LEAST, MOST = 3, 6  # lines below the table


class Detail(Canvas, can_focus=True):
    """One token. ``revealed`` is a secret's text while it is shown: it is kept nowhere else."""

    token: TokenView | None = None
    profile: ProfileView | None = None  # under the cursor, where no token is
    lost = ""  # the token under the cursor whose definition is gone
    brief = False

    def __init__(self) -> None:
        super().__init__(id="detail")
        self.revealed: Line = ()
        self.used: UsageView | None = None  # None: not read yet

    def show(self, token: TokenView | None, profile: ProfileView | None = None, lost: str = "") -> None:
        """Show a token, else a profile or what is left of a token; a secret that was shown is masked if it was another's."""
        self.profile, self.lost = profile, lost
        if self.token is None or token is None or token.id != self.token.id:
            self.revealed, self.used = (), None
        self.token = token
        self.border_title = None
        if token is not None and not self.brief:
            from textual.content import Content

            self.border_title = Content(token.id)
        self.repaint()

    def show_usage(self, token: str, used: UsageView) -> None:
        """How this token was used, if it is still the one that is shown."""
        if self.token is not None and self.token.id == token and used != self.used:
            self.used = used
            self.repaint()

    def repaint(self) -> None:
        """Below the table as high as it needs: what is withheld and why is not cut off."""
        super().repaint()
        self.styles.height = min(max(len(self._lines), LEAST), MOST) if self.brief else None

    def lines(self, width: int) -> Sequence[Line]:
        """The panel, or three lines."""
        if self.lost:
            profiles = {each.name for each in host(self).overview.profiles}
            return [row for each in lost_lines(self.lost, profiles) for row in wrapped(each, width, 2)]
        if self.token is None:
            return [row for each in of_profile(self.profile) for row in wrapped(each, width, 2)]
        now = host(self).now()
        if self.brief:
            return brief(self.token, now, width, self.revealed, self.used)
        return [cut(each, width) for each in full(self.token, now, width, self.revealed, self.used)]


def of_profile(profile: ProfileView | None) -> list[Line]:
    """A profile in few lines; what of its own part is not approved first."""
    if profile is None:
        return []
    made = [line((profile.name, "bold group"), (f"  {profile.description}", "muted"))]
    for part in profile.unapproved_parts:
        name, means = PARTS[part]
        said = line((f" {name} ", "bold"), ("is not approved", hue(State.UNAPPROVED)), (f": {means}", "muted"))
        made.append((mark(State.UNAPPROVED), *said))
    if profile.unapproved_parts:
        made.append(line(("A", "bold accent"), (" approve: shows what changed first", "muted")))
    elif profile.fault:
        made.append(line((profile.fault, "state-warning")))
    return made


def keys_for(token: TokenView) -> Line:
    """The keys that lead out of the token's state."""
    outside = any(row.inside is not True for row in token.bound)
    ways = [("u", "back"), ("A", "approve"), ("w", "widen"), ("r", "refresh")]
    if token.state is State.MISSING:
        first = ("r", "log in") if token.rotation.oauth else ("a", "add its secret")
        ways = [] if token.elsewhere else [first]
    elif token.unread:
        ways = [("L", "unlock")] if token.stale else [("e", "fix the profile")]
    elif only_a_new_secret_helps(token):
        ways = [("r", "refresh")]
    elif not outside:
        ways = [("A", "approve"), ("r", "refresh")]
    pieces = [piece for key, word in ways for piece in line((key, "bold accent"), (f" {word}  ", "muted"))]
    return tuple(pieces)


def full(token: TokenView, now: float, width: int, revealed: Line, used: UsageView | None) -> list[Line]:
    """Every block, an empty line between."""
    return [
        *_state(token, now, width),
        (),
        *_facts(token, now, width, revealed),
        (),
        *_rotation(token, width),
        *_bounds(token),
        *releases(token, used, now),
        *_carries(token),
        *_claims(token),
    ]


def _state(token: TokenView, now: float, width: int) -> list[Line]:
    since = f"  since {moment(token.since, now)}" if token.since else ""
    stale = "  last known; the store is away" if token.stale else ""
    made = [
        (
            mark(token.state),
            *line((f" {token.state.word}", f"bold {hue(token.state)}"), (since + stale, "muted")),
        )
    ]
    if token.state is State.ACTIVE:
        return made
    made.append(())
    for reason in reasons(token):
        made += wrapped(reason.said, width, 2)
        made += [line((reason.place, "accent"))] if reason.place else []
    return [*made, keys_for(token)]


def _facts(token: TokenView, now: float, width: int, revealed: Line) -> list[Line]:
    def row(name: str, *rest: Piece) -> Line:
        return (Piece(fit(name, 10), "muted"), *rest)

    hidden = line(("• • • • • ", "muted"), (" v", "bold accent"), (" reveal 10 s", "muted"))
    unknown = Piece("not known", "muted")
    if token.unread and not token.env:  # nothing of its definition can be told
        made = [row("Variable", unknown), row("Kind", unknown), row("Scopes", unknown)]
    else:
        made = [row("Variable", *line((", ".join(token.env), "")))]
        made.append(row("Kind", *line((token.kind, ""), (f"   {token.defined_at}", "muted"))))
        made += _chips(token.scopes, width)
    if token.state is not State.MISSING:
        made.append(row("Secret", *(revealed or hidden)))
    made.append(row("Left", *_left(token, now)))
    return made


def _note(said: str) -> Line:
    """What its definition promises and this version does not do."""
    return (Piece(fit("Note", 10), "muted"), *line((said, "state-warning")))


def _chips(scopes: Sequence[str], width: int) -> list[Line]:
    """Scopes as chips, wrapped under the same margin."""
    rows: list[list[Piece]] = [[]]
    used = 0
    for scope in scopes:
        chip = Piece(f" {line(scope)[0].text} ", "on chip")
        if used and used + len(chip.text) > width - 10:
            rows.append([])
            used = 0
        rows[-1] += [chip, Piece(" ")]
        used += len(chip.text) + 1
    heads = ["Scopes", *[""] * len(rows)]
    named = [(Piece(fit(head, 10), "muted"), *pieces) for head, pieces in zip(heads, rows, strict=False)]
    return named if scopes else [(Piece(fit("Scopes", 10), "muted"), Piece("none", "muted"))]


def _left(token: TokenView, now: float) -> Line:
    if token.unread:
        return (Piece("not known", "muted"),)
    part = share(token, now)
    if part is None or token.lifetime is None:
        return line((left(token, now), "muted"))
    filled, rest = bar(part, 14)
    tail = line((f"  {left(token, now)}", ""), (f" of {span(token.lifetime)}", "muted"))
    hot = token.state in (State.WARNING, State.EXPIRED) or part < 0.1
    return (Piece(filled, "state-warning" if hot else "edge"), Piece(rest, "edge-dim"), *tail)


def _rotation(token: TokenView, width: int) -> list[Line]:
    """How it gets its next secret, and what is still to be revoked; nothing where all of that is by hand."""
    rotation = token.rotation
    made: list[Line] = []
    if rotation.automatic:
        made.append(line((fit("Next", 10), "muted"), (rotation.refresh, "")))
    if rotation.oauth and not rotation.logged_in and token.state is not State.MISSING:
        made.append(
            line((" " * 10, ""), ("not logged in  ", "state-warning"), ("r", "bold accent"), (" log in", "muted"))
        )
    if rotation.refresh_fault:
        made.append(line((" " * 10, ""), (f"failed: {rotation.refresh_fault}", "state-warning")))
    if rotation.revocable:
        made.append(line((fit("Revoked", 10), "muted"), (rotation.revoke, "")))
    if rotation.to_revoke:
        why = f": {rotation.revoke_fault}" if rotation.revoke_fault else ""
        said = f"{plural(rotation.to_revoke, 'old secret')} still to be revoked{why}"
        made.append(line((" " * 10, ""), (said, "state-warning")))
    return [*(row for each in made for row in wrapped(each, width, 10)), ()] if made else []


def _bounds(token: TokenView) -> list[Line]:
    if token.unread:
        return [line(("Bounds", "bold"), ("   not known:", "muted")), line((f" {token.unread}", "muted"))]
    if not token.bound:
        return [
            line(
                ("Bounds", "bold"),
                ("   none: ", "muted"),
                ("b", "bold accent"),
                (" bind it to a key", "muted"),
            )
        ]
    inside = sum(row.inside is True for row in token.bound)
    made = [line(("Bounds", "bold"), (f"   {inside} of {len(token.bound)} inside", "muted"))]
    wide = min(max(len(row.label) for row in token.bound) + 1, 21)
    for row in token.bound:
        style = hue(row.state) if row.inside is not True else "muted"
        glyph = mark(row.state) if row.inside is not None else Piece("?", "state-suspended")
        name = line((" " + fit(row.label, wide), "" if row.inside is not True else "muted"))
        made.append((glyph, *name, *line((row.rule, style))))
    return made


def _carries(token: TokenView) -> list[Line]:
    """What its provider said of it, or its signature vouches for."""
    if not token.carries:
        return []
    told = dict(token.carries)
    head = line(("Carries", "bold"), (f"   {told.pop('word', '')}", "muted"))
    return [(), head, *(line((fit(name, 10), "muted"), (text, "")) for name, text in told.items())]


def _claims(token: TokenView) -> list[Line]:
    if not token.claims:
        return []
    head = line(("Claims", "bold"), ("   decoded, ", "muted"), ("not verified", "state-warning"))
    return [(), head, *(line((fit(name, 10), "muted"), (value, "muted")) for name, value in token.claims)]


def brief(token: TokenView, now: float, width: int, revealed: Line, used: UsageView | None) -> list[Line]:
    """Three lines, for 80 columns; more where its reason needs them."""
    since = f" {short_moment(token.since, now)}" if token.since else ""
    chips = tuple(piece for scope in token.scopes for piece in line(("  ", ""), (f" {scope} ", "on chip")))
    head = line((f" {token.id} ", "bold"), (token.state.word, f"bold {hue(token.state)}"), (since + "  ", "muted"))
    inside = f"{plural(len(token.bound), 'bound')}, all inside" if token.bound else "not bound: b binds it to a key"
    inside = f"its boundaries are not known: {token.unread}" if token.unread else inside
    said = reasons(token) or [Reason(line((inside, "muted")))]
    where = line((f"   {said[0].place}", "accent")) if said[0].place else ()
    more = line((f"   +{len(said) - 1} more", "muted")) if len(said) > 1 else ()
    tail = [Piece("left ", "muted"), *_left(token, now)]
    if token.releases:
        counts = per_day(token, used, now)
        tail += line(("   used ", "muted"), (sparkline(counts), "accent"), (f" {sum(counts)} in {DAYS} days", "muted"))
    shown = (*line(("secret ", "muted")), *revealed) if revealed else (*tail, *line((f"   {token.kind}", "muted")))
    first = cut((mark(token.state, "bold"), *head, *chips), width)
    return [first, *wrapped((*said[0].said, *where, *more), width), cut(shown, width)]
