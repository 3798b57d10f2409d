"""What is written in the map's rows: keys with their values, tokens with their boundaries, and the inspector."""

from keybound.custody.view_models.tokens import BoundRow, TokenView
from keybound.domain.verdict.states import State
from keybound.tui.map.model import KeyInfo, MapModel
from keybound.tui.styled_text import Line, Piece, cut, fit, hue, line, mark, spread
from keybound.tui.tokens.detail import keys_for
from keybound.tui.tokens.reasons import Reason, reasons, sentence
from keybound.tui.words import left, moment, plural, row_place, used


def hue_of(state: State) -> str:
    """The colour of an outside line: one that leads to nothing is still outside."""
    return hue(state) if state is not State.ACTIVE else "muted"


def key_line(model: MapModel, key: KeyInfo, width: int, *, lit: str) -> Line:
    """A key's row: label, value, glyph. While something is lit, only what it touches keeps its colour."""
    touched = not lit or lit == key.key or lit in key.rows
    glyph = mark(key.state) if key.outside or touched else Piece("●", "muted")
    value = (hue_of(key.state) if key.outside else "muted") if touched else "muted"
    pane = width - 26
    name = ("bold" if lit == key.key else "") if touched else "muted"
    return (
        *line(("  " + fit(key.label, 20) + " ", name), (fit(key.value, max(pane, 1)), value)),
        Piece(" "),
        glyph,
        Piece(" "),
    )


def token_lines(
    model: MapModel, token: TokenView, width: int, *, lit: str, now: float, full: bool, narrow: bool
) -> list[Line]:
    """A token's rows: its head, then its boundaries, or one line of why or what."""
    keys = model.keys_of(token.id)
    touched = not lit or lit == token.id or any(lit == key.key for key in keys)
    plain = token.state is State.ACTIVE
    state = hue(token.state) if touched and not plain else "muted"
    glyph = Piece("●", "muted") if plain and not touched else mark(token.state)
    name = "bold" if touched else "bold muted"
    env = "" if narrow else fit(", ".join(token.env), 24)
    head = (Piece(" "), glyph, *line((" " + fit(token.name, 11) + " ", name), (env, "muted")))
    said = (Piece(_left(token, now) + " ", state),)
    if full:
        return [spread(head, said, width), *(_bound(key, token, width, lit) for key in keys)]
    return [spread(head, said, width), cut(line((f"    {_below(token)}", state)), width - 1)]


def _below(token: TokenView) -> str:
    """The one line under a token: why it is not active, as short as it can be said, else its scopes."""
    found = reasons(token) if token.state is not State.ACTIVE else []
    return found[0].text if found else "  ".join(token.scopes)


def _left(token: TokenView, now: float) -> str:
    outside = any(row.inside is not True for row in token.bound)
    if token.state is State.WARNING and token.expires_at is not None and not outside:
        return f"due in {left(token, now)}"
    if token.state is not State.ACTIVE:
        return token.state.word
    if token.unread:
        return "expiry not known"
    return "never expires" if token.expires_at is None else f"{left(token, now)} left"


def _bound(key: KeyInfo, token: TokenView, width: int, lit: str) -> Line:
    row = key.rows[token.id]
    touched = not lit or lit in (token.id, key.key)
    out = row.inside is not True
    dot = mark(row.state) if out else Piece("·", "muted")
    style = hue_of(row.state) if out and touched else "muted"
    name = "" if touched and (out or lit) else "muted"
    start = (Piece("   "), dot, *line((" " + fit(row.label, 20) + " ", name), (row.rule, style)))
    loud = row.outside != "expire" or out
    return spread(start, line(((row.outside if loud else "") + " ", style)), width)


def inspector(model: MapModel, lit: str, width: int, now: float, rows: int, *, whole: bool = True) -> list[Line]:
    """What is lit, in full; or, where nothing is, what is outside. ``whole``: every line is drawn."""
    if lit in model.tokens:
        made = _token(model.tokens[lit], now)
    elif lit in model.keys:
        made = _key(model.keys[lit])
    else:
        made = _rest(model, whole=whole)
    return [cut(each, width) for each in made[:rows]]


def _token(token: TokenView, now: float) -> list[Line]:
    since = f" since {moment(token.since, now)}" if token.since else ""
    head = line(
        (f" {token.id} ", "bold"),
        (token.state.word, f"bold {hue(token.state)}"),
        (f"{since}   {', '.join(token.env)}   {token.kind}   ", "muted"),
        ("  ".join(token.scopes), ""),
    )
    outside = next((row for row in token.bound if row.inside is not True), None)
    calm = "inside all its boundaries" if token.bound else "not bound"
    calm = calm if not token.unread else f"not known: {token.unread}"
    why = (reasons(token) or [Reason(line((calm, "muted")))])[0]
    reaction = f"→ {outside.outside}   " if outside and why.said == sentence(outside) else ""
    where = line((f"   {reaction}", "muted"), (why.place, "accent")) if reaction or why.place else ()
    inside = sum(row.inside is True for row in token.bound)
    last = f"   last released {used(token.last_released, now)} ago" if token.last_released else "   never released"
    known = f"boundaries not known: {token.unread}" if token.unread else f"{inside} of {len(token.bound)} inside"
    tail = line((known + last, "muted"))
    keys = (*keys_for(token), *line(("⏎", "bold accent"), (" open", "muted")))
    return [(mark(token.state, "bold"), *head), (*why.said, *where), tail, keys]


def _key(key: KeyInfo) -> list[Line]:
    worst = key.worst
    approved = _approved(worst)
    value = f"bold {hue(key.state)}" if key.outside else "bold state-active"
    head = line((f" {key.key}", "bold"), (" is ", "muted"), (key.value, value), (approved, "muted"))
    where = line((f"   {row_place(worst)}", "accent"))
    hits: list[Piece] = []
    for name, row in key.rows.items():
        token = name.partition("/")[2]
        reaction = f" → {row.outside}   " if row.inside is not True else "   "
        hits += [mark(row.state), *line((f" {token} ", "bold"), (row.rule + reaction, "muted"))]
    ways = [("e", "edit where it is written"), ("b", "bind another token")]
    ways += [("u", "put the value back")] if key.outside else []
    keys = tuple(piece for each, word in ways for piece in line((each, "bold accent"), (f" {word}   ", "muted")))
    return [(mark(key.state, "bold"), *head, *where), tuple(hits), (), keys]


def _approved(row: BoundRow) -> str:
    if row.inside is True:
        return ", inside"
    if row.approved is None or row.approved.hidden:
        return f", bound to {row.rule}"
    return f", approved {row.approved.text}"


def _rest(model: MapModel, *, whole: bool) -> list[Line]:
    out = len(model.outside)
    count = ((f"{plural(len(model.graph.edges), 'edge')}, ", ""), (f"{out} outside", _loud(out)))
    dash = (("   inside ", "muted"), ("───", "edge"), ("   outside ", "muted"), ("╌╌╌", "state-expired"))
    walk = ("   a shared line shows its worst", "muted")
    spot = ("   arrow keys select; only selected lines are drawn", "muted")
    head = line(*count, *dash, walk) if whole else line(*count, spot)
    made = [head]
    for key in model.outside:
        said = _hit(key)
        made.append((mark(key.state), Piece(" "), *sentence(key.worst, short=False), *said))
    unread = model.unread
    if unread:
        made.append(line((f"Some tokens are not known now: {unread}.", "state-warning")))
    elif not model.keys:
        made.append(
            line(
                ("No token of this profile is bound to anything. ", "muted"),
                ("b", "bold accent"),
                (" binds one.", "muted"),
            )
        )
    return made


def _loud(outside: int) -> str:
    return "bold state-expired" if outside else "muted"


def _hit(key: KeyInfo) -> Line:
    names = [name.partition("/")[2] for name, row in key.rows.items() if row.inside is not True]
    words = {State.WARNING: "warned", State.ACTIVE: "unmoved"}
    return line((f"   {', '.join(names)} {words.get(key.state, key.state.word)}", hue_of(key.state)))
