"""What is lit on the map, in words; or, where nothing is, what is outside."""

from collections.abc import Sequence

from keybound.custody.view_models.tokens import BoundRow, TokenView
from keybound.domain.verdict.states import State
from keybound.tui.map.model import KeyInfo, MapModel
from keybound.tui.map.rows import hue_of, owner_words
from keybound.tui.map.scene import BundleInfo, Scene
from keybound.tui.styled_text import Line, Piece, cut, hue, line, mark, wrapped
from keybound.tui.tokens.detail import keys_for
from keybound.tui.tokens.reasons import Reason, reasons, sentence
from keybound.tui.words import moment, named, plural, row_place, used


def inspector(
    model: MapModel, scene: Scene | None, lit: str, width: int, now: float, rows: int, *, whole: bool = True
) -> list[Line]:
    """What is lit, in full; or, where nothing is, what is outside. ``whole``: every line is drawn."""
    if scene is not None and lit in scene.bundles:
        made = _bundle(scene, scene.bundles[lit])
    elif lit in model.tokens:
        made = _token(model.tokens[lit], now)
    elif lit in model.keys:
        made = _key(model, model.keys[lit])
    else:
        made = _rest(model, rows, whole=whole)
    return [cut(each, width) for each in made[:rows]]


def way_lines(model: MapModel, marks: Sequence[str], way: Sequence[str], width: int, rows: int) -> list[Line]:
    """What was marked, and how the two hang together; or that they do not."""
    names = [model.title(mark) for mark in marks]
    if len(names) == 1:
        said = f"From {names[0]}: space on another key or token shows the path between them."
    elif not way:
        said = f"No path leads from {names[0]} to {names[1]}: no chain of bindings joins them."
    else:
        said = way_words(model, way)
    steps = plural(len(way) - 1, "step") if way else ""
    keys = line(("esc", "bold accent"), (" back   ", "muted"), (steps, "muted"))
    words = wrapped(line((said, "")), width)
    if len(words) > rows:
        words = [*words[: rows - 1], cut((*words[rows - 1], Piece(" …")), width)]
    return [*words, keys][:rows]


def way_words(model: MapModel, way: Sequence[str]) -> str:
    """A path in words: ``deploy is bound to settings.region, as is metrics, which is bound to flags.audit.``"""
    said = model.title(way[0])
    for at, name in enumerate(way[1:], 1):
        if name in model.keys:
            joint = " is bound to " if at == 1 else ", which is bound to "
        else:
            joint = " binds " if at == 1 else ", as is "
        said += joint + model.title(name)
    return f"{said}."


def _bundle(scene: Scene, bundle: BundleInfo) -> list[Line]:
    model, out = scene.model, bundle.outside
    head = (mark(bundle.state, "bold"), *line((f" {bundle.title}", "bold")))
    said = line((f"   {out} outside" if out else "   all inside", hue_of(bundle.state) if out else "muted"))
    if bundle.name in scene.tokens:
        ends = list(dict.fromkeys(key.shown for each in bundle.members for key in model.keys_of(each)))
        bound = f"bound to {named(ends, 5)}" if ends else "bound to nothing"
        worst = sorted(bundle.members, key=lambda each: (each not in model.tokens_outside, -model.tokens[each].state))
        names = [model.title(each) for each in worst]
    else:
        tokens = dict.fromkeys(each for key in bundle.members for each in model.keys[key].rows)
        bound = f"{plural(len(tokens), 'token')} bound to them"
        names = [model.title(each) for each in sorted(bundle.members, key=lambda each: not model.keys[each].outside)]
    keys = line(("⏎", "bold accent"), (" close" if bundle.opened else " open", "muted"))
    return [(*head, *said), line((bound, "muted")), line((named(names, 8), "")), keys]


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


def _key(model: MapModel, key: KeyInfo) -> list[Line]:
    worst = key.worst
    approved = _approved(worst)
    value = f"bold {hue(key.state)}" if key.outside else "bold state-active"
    head = line((f" {key.shown}", "bold"), (" is ", "muted"), (key.value, value), (approved, "muted"))
    where = line((f"   {row_place(worst)}", "accent"))
    hits: list[Piece] = []
    for name, row in key.rows.items():
        token = model.title(name)
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


def _rest(model: MapModel, rows: int, *, whole: bool) -> list[Line]:
    out = len(model.outside)
    count = ((f"{plural(len(model.graph.edges), 'binding')}, ", ""), (f"{out} outside", _loud(out)))
    dash = (("   inside ", "muted"), ("───", "edge"), ("   outside ", "muted"), ("╌╌╌", "state-expired"))
    walk = ("   a shared line shows its worst", "muted")
    spot = ("   arrow keys select; only selected lines are drawn", "muted")
    head = line(*count, *dash, walk) if whole else line(*count, spot)
    made = [head]
    for key in model.outside[:rows]:
        said = _hit(model, key)
        made.append((mark(key.state), Piece(" "), *owner_words(key), *sentence(key.worst, short=False), *said))
    unread = model.unread
    if unread:
        made.append(line((f"Some tokens are not known now: {unread}.", "state-warning")))
    elif not model.keys:
        made.append(
            line(
                ("No token here is bound to anything. ", "muted"),
                ("b", "bold accent"),
                (" binds one.", "muted"),
            )
        )
    return made


def _loud(outside: int) -> str:
    return "bold state-expired" if outside else "muted"


def _hit(model: MapModel, key: KeyInfo) -> Line:
    names = [model.title(name) for name, row in key.rows.items() if row.inside is not True]
    words = {State.WARNING: "warned", State.ACTIVE: "unmoved"}
    return line((f"   {', '.join(names)} {words.get(key.state, key.state.word)}", hue_of(key.state)))
