"""What is written in the map's rows: keys with their values, tokens with their boundaries, bundles with their counts."""

from keybound.custody.view_models.tokens import TokenView
from keybound.domain.verdict.states import State
from keybound.tui.map.layout import Layout
from keybound.tui.map.light import Light
from keybound.tui.map.model import KeyInfo
from keybound.tui.map.scene import BundleInfo, Scene
from keybound.tui.styled_text import Line, Piece, cut, fit, hue, line, mark, spread
from keybound.tui.tokens.reasons import reasons
from keybound.tui.words import left, named, plural


def hue_of(state: State) -> str:
    """The colour of an outside line: one that leads to nothing is still outside."""
    return hue(state) if state is not State.ACTIVE else "muted"


def key_line(scene: Scene, name: str, layout: Layout, light: Light) -> Line:
    """A key's row: label, value, glyph. While something is lit, only what it touches keeps its colour."""
    width, indent = layout.left - 2, " " * _depth(scene, name)
    if name in scene.bundles:
        return _bundle_head(scene, scene.bundles[name], f"  {indent}", width, light)
    key, touched = scene.model.keys[name], light.on(name)
    glyph = mark(key.state) if key.outside or touched else Piece("●", "muted")
    value = (hue_of(key.state) if key.outside else "muted") if touched else "muted"
    bold = ("bold" if light.lit == name else "") if touched else "muted"
    pane = max(width - layout.label - 6, 1)
    label = fit(key.label, layout.label - len(indent))
    return (
        Piece(f"  {indent}"),
        *_marked(label, bold, light.found(name)),
        *line((" ", bold), (fit(key.value, pane), value)),
        Piece(" "),
        glyph,
        Piece(" "),
    )


def token_lines(scene: Scene, name: str, layout: Layout, light: Light, now: float) -> list[Line]:
    """A token's rows: its head, then its boundaries, or one line of why or what."""
    width, indent = layout.right - 2, "  " * _depth(scene, name)
    if name in scene.bundles:
        return _bundle_lines(scene.bundles[name], indent, layout, light)
    token, touched = scene.model.tokens[name], light.on(name)
    plain = token.state is State.ACTIVE
    state = hue(token.state) if touched and not plain else "muted"
    glyph = Piece("●", "muted") if plain and not touched else mark(token.state)
    bold = "bold" if touched else "bold muted"
    env = "" if layout.right < 45 else ", ".join(token.env)
    title = _marked(fit(scene.model.title(name), layout.name - len(indent)), bold, light.found(name))
    head = (Piece(f" {indent}"), glyph, Piece(" "), *title, *line(" ", (env, "muted")))
    said = (Piece(_left(token, now) + " ", state),)
    keys = scene.model.keys_of(name)
    if layout.full and keys:
        return [spread(head, said, width), *(_bound(key, token, layout, light) for key in keys)]
    below = line((f"    {indent}{_below(token)}", state))
    hidden = sum(not scene.home(key.id) for key in keys)
    more = line((f"+{plural(hidden, 'key')} ", "muted")) if hidden else ()
    return [spread(head, said, width), spread(cut(below, width - 1), more, width) if more else cut(below, width - 1)]


def owner_words(key: KeyInfo) -> Line:
    """The profile of a key, before its name, where the map is of several."""
    return line((f"{key.owner} ", "muted")) if key.shown != key.key else ()


def _depth(scene: Scene, name: str) -> int:
    return len(scene.drawn.way_in(name))


def _bundle_head(scene: Scene, bundle: BundleInfo, start: str, width: int, light: Light) -> Line:
    """A bundle of keys: its mark stands where the keys have theirs."""
    touched = light.on(bundle.name)
    style = "bold" if touched else "muted"
    glyph = mark(bundle.state) if bundle.outside or touched else Piece("●", "muted")
    table = bundle.title
    group = scene.model.keys[bundle.members[0]].group
    words = table.removesuffix(f" of {group}")  # the heading above says it
    head = (
        Piece(start),
        Piece("▾ " if bundle.opened else "▸ ", "muted"),
        *line((words, style)),
        *_counts(bundle, light),
    )
    return spread(head, (Piece(" "), glyph, Piece(" ")), width)


def _bundle_lines(bundle: BundleInfo, indent: str, layout: Layout, light: Light) -> list[Line]:
    """A bundle of tokens: its mark, what it is and what is outside; below, whose it is made of."""
    style = "bold" if light.on(bundle.name) else "bold muted"
    sign = Piece(" ▾ " if bundle.opened else " ▸ ", "muted")
    width, narrow = layout.right - 2, layout.right < 45
    words = line((plural(len(bundle.members), "token") if narrow else bundle.title, style))
    head = (Piece(f" {indent}"), mark(bundle.state), sign, *words, *_counts(bundle, light))
    names = named(bundle.names)
    return [cut(head, width - 1)] + ([] if bundle.opened else [cut(line((f"    {indent}{names}", "muted")), width - 1)])


def _counts(bundle: BundleInfo, light: Light) -> Line:
    """How many are outside; how many were searched for and are not seen."""
    out = line((f" · {bundle.outside} outside", f"bold {hue_of(bundle.state)}")) if bundle.outside else ()
    found = light.found(bundle.name)
    return (*out, *line((f" · {found} found", "bold accent underline"))) if found else out


def _marked(text: str, style: str, found: int) -> Line:
    """A name, with a line under it where it was searched for."""
    if not found:
        return line((text, style))
    name = text.rstrip()
    return line((name, "bold accent underline"), text[len(name) :])


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


def _bound(key: KeyInfo, token: TokenView, layout: Layout, light: Light) -> Line:
    row = key.rows[token.id]
    touched = not light.any or light.lit == token.id or (key.id, token.id) in light.edges
    out = row.inside is not True
    dot = mark(row.state) if out else Piece("·", "muted")
    style = hue_of(row.state) if out and touched else "muted"
    name = "" if touched and (out or light.lit) else "muted"
    start = (Piece("   "), dot, *line((" " + fit(row.label, layout.label) + " ", name), (row.rule, style)))
    loud = row.outside != "expire" or out
    return spread(start, line(((row.outside if loud else "") + " ", style)), layout.right - 2)
