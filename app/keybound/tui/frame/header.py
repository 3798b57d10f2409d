"""The header: two rows from 100 columns on, one below."""

from collections.abc import Collection, Sequence

from keybound.custody.view_models.overview import Overview
from keybound.stores.choice import store_kind
from keybound.tui.app_protocol import host
from keybound.tui.canvas import Canvas
from keybound.tui.frame.tabs import TABS, tab_names
from keybound.tui.styled_text import Line, Piece, cells, fit, length, line, mark, spread
from keybound.tui.words import named, plural, tally


class Header(Canvas):
    """Where one is: tabs, profile, counts, files watched, store."""

    DEFAULT_CSS = "Header { height: 2; overflow: hidden; } Header.-narrow { height: 1; }"
    tab = 0
    unsaved: Collection[str] = ()  # tabs with text that is not saved

    def lines(self, width: int) -> Sequence[Line]:
        """One row or two, by the width."""
        overview = host(self).overview
        if width < 100:
            return [_one_row(overview, self.tab, width, unsaved=self.unsaved)]
        tabs = _tabs(overview, self.tab, "  ", unsaved=self.unsaved)
        return [_first_row(overview, width), _second_row(overview, tabs, width, self._state())]

    def _state(self) -> str:
        """What goes on, where that is more than watching files."""
        app = host(self)
        return "reading" if not app.ready else f"waiting for {named(app.waiting)}" if app.waiting else ""


def _tabs(
    overview: Overview, current: int, gap: str = " ", *, unsaved: Collection[str], named: Collection[str] = TABS
) -> Line:
    """``unsaved``: tabs with text that is not saved. ``named``: of the others only the number is shown."""
    pieces: list[Piece] = []
    for at, (name, tab) in enumerate(TABS.items()):
        action, found = f"screen.tab({at})", tab.count(overview)
        count = f" {found}" if found else ""
        mine = "*" if name in unsaved else ""
        if at != current and name not in named:
            pieces += [
                Piece(f" {at + 1}", "accent", action),
                *([Piece(mine, "bold state-warning", action)] if mine else []),
            ]
            continue
        if at == current:
            pieces.append(Piece(f" {at + 1} {name} ", "bold on-accent on accent", action))
            pieces.append(Piece(gap[1:]))
            continue
        strong = "foreground" if count else "muted"
        pieces += [Piece(f" {at + 1}", "accent", action), Piece(f" {name}", strong, action)]
        pieces += [Piece(mine, "bold state-warning", action)] if mine else []
        pieces += [Piece(count, "bold state-expired", action), Piece(gap[len(mine) :] or gap)]
    return tuple(pieces)


def _profile(overview: Overview) -> Line:
    name = overview.active or "no profile"
    return (Piece(f" {name} ▾ ", "bold on chip", "screen.switch"),)


def _own(overview: Overview) -> list[tuple[Piece, int, str]]:
    tokens = [token for token in overview.tokens if token.profile == overview.active]
    return [(mark(state), count, state.word) for state, count in tally(tokens)]


def _first_row(overview: Overview, width: int) -> Line:
    parent = next((each.extends for each in overview.profiles if each.name == overview.active), "")
    pinned = ["pinned in this shell"] if overview.pinned else []
    words = "   ".join(([f"extends {parent}"] if parent else []) + pinned)
    left = (Piece(" keybound  ", "bold accent"), *_profile(overview), *line((f"  {words}", "muted")))
    right: list[Piece] = []
    for glyph, count, word in _own(overview):
        right += [glyph, Piece(f" {count}", "bold"), Piece(f" {word}   ", "muted")]
    filled = spread(left, (*right[:-1], Piece(right[-1].text.rstrip() + " ", "muted")) if right else (), width)
    return tuple(_on(piece) for piece in filled)


def _on(piece: Piece) -> Piece:
    return piece if " on " in f" {piece.style}" else piece._replace(style=f"{piece.style} on panel")


def _second_row(overview: Overview, tabs: Line, width: int, state: str) -> Line:
    hue = "state-active" if overview.store_status == "open" else "state-warning"
    name = store_kind(overview.store).name
    store = line((f"   {name} ", "muted"), (f"{overview.store_status} ", hue))
    if overview.store_status == "none":
        store = line(("   no store yet ", hue))
    watched = line((f"{plural(len(overview.watched), 'file')} watched", "muted"))
    right = (*_alerts(overview), *watched, *store) if not state else line((f"{state} ", "muted"))
    return spread(tabs, right, width)


def _alerts(overview: Overview) -> Line:
    """How many are unseen; a click shows them."""
    if not overview.alerts:
        return ()
    return (Piece(f"{plural(overview.alerts, 'alert')}", "bold state-warning", "screen.alerts"), Piece("   "))


def _counts(own: Sequence[tuple[Piece, int, str]], blank: str) -> Line:
    rows = ((glyph, Piece(f"{blank}{count} ", "bold")) for glyph, count, _ in own)
    return tuple(piece for row in rows for piece in row)


def _one_row(overview: Overview, current: int, width: int, *, unsaved: Collection[str]) -> Line:
    """Whole tabs and whole counts: where there is no room, first blanks go, then names of tabs that one is not on."""
    own, every = _own(overview), tab_names()
    counted = [name for name in every if TABS[name].count(overview)]
    for names, blank in ((every, " "), (every, ""), (counted, " "), (counted, ""), ([], "")):
        tabs = _tabs(overview, current, unsaved=unsaved, named=names)
        counts = _counts(own, blank if len(own) < 5 else "")
        if _spare(tabs, counts, width) >= 0:
            break
    while own and _spare(tabs, counts, width) < 0:
        counts = _counts(own := own[1:], "")  # the best state first
    return spread(tabs, (*_chip(overview, _spare(tabs, counts, width) - 1), *counts), width)


def _spare(tabs: Line, counts: Line, width: int) -> int:
    """The cells between them; a blank at the end of the tabs is no loss."""
    return width - length(tabs) + tabs[-1].text[-1:].isspace() - 1 - length(counts)


def _chip(overview: Overview, spare: int) -> Line:
    """The profile in use, cut where it must be; nothing where even that has no room."""
    if overview.alerts:  # before the profile: nothing else tells of them here
        mine = Piece(f" !{overview.alerts} ", "bold state-warning", "screen.alerts")
        left = spare - cells(mine.text)
        return (mine, *_chip(overview._replace(alerts=0), left)) if left >= 0 else ()
    profile = _profile(overview)
    if spare < length(profile) and spare > 6:
        name = fit(overview.active, spare - 4)
        profile = (Piece(f" {name.rstrip()} ▾ ", "bold on chip", "screen.switch"),)
    return (*profile, Piece(" ")) if spare >= cells(profile[0].text) else ()
