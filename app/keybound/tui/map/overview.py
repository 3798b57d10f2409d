"""The overview of a large map: what is outside, which keys hold the most tokens, which files take the most with them."""

from collections.abc import Sequence

from keybound.tui.canvas import ListCanvas
from keybound.tui.map.model import KeyInfo, MapModel
from keybound.tui.map.rows import hue_of, owner_words
from keybound.tui.map.weights import FileWeight, KeyWeight, heaviest_files, heaviest_keys
from keybound.tui.styled_text import Line, Piece, cut, fit, line, mark, spread
from keybound.tui.tokens.reasons import sentence
from keybound.tui.words import bar, plural

MOST = 8  # of each kind

Entry = tuple[str, Sequence[Line]]


class MapOverview(ListCanvas):
    """What to look at first; Enter goes to what stands around it."""

    def __init__(self) -> None:
        super().__init__(id="overview")
        self.model: MapModel | None = None
        self._keys: Sequence[KeyWeight] = ()
        self._files: Sequence[FileWeight] = ()
        self._targets: dict[str, tuple[str, ...]] = {}

    def show(self, model: MapModel) -> None:
        """Show a model."""
        if self.model is not model:
            self.model = model
            self._keys, self._files = heaviest_keys(model)[:MOST], heaviest_files(model)[:MOST]
        self.repaint()

    @property
    def chosen(self) -> tuple[str, ...]:
        """The keys that the cursor's entry is about; () for all of the map."""
        return self._targets.get(self.cursor, ())

    def entries(self, width: int) -> Sequence[Entry]:
        """All of it first, then what is outside, keys and files, the heaviest first."""
        model = self.model
        if model is None:
            return []
        keys, files = self._keys, self._files
        out = model.outside[:MOST]
        self._targets = {f"out {key.id}": (key.id,) for key in out}
        self._targets |= {f"key {each.key.id}": (each.key.id,) for each in keys}
        self._targets |= {f"file {each.path}": each.keys for each in files}
        made: list[Entry] = [("all", [cut(_all(model), width)])]
        made += _part("Outside now", [(f"out {key.id}", cut(_out(key), width)) for key in out])
        made += _part("Keys that hold the most tokens", [(f"key {e.key.id}", _key(e, keys, width)) for e in keys])
        return made + _part(
            "Files that take tokens with them", [(f"file {e.path}", _file(e, files, width)) for e in files]
        )


def _part(title: str, entries: Sequence[tuple[str, Line]]) -> list[Entry]:
    if not entries:
        return []
    return [("", [(), line((f" {title}", "bold group"))]), *((name, [each]) for name, each in entries)]


def _all(model: MapModel) -> Line:
    counts = f"{plural(len(model.keys), 'key')}, {plural(len(model.tokens), 'token')}, "
    out = len(model.outside)
    loud = hue_of(model.outside[0].state) if out else "muted"
    return line(("  The whole map   ", "bold"), (counts, "muted"), (f"{out} outside", loud))


def _out(key: KeyInfo) -> Line:
    hit = sum(row.inside is not True for row in key.rows.values())
    tokens = Piece(f"   {plural(hit, 'token')}", hue_of(key.state))
    return (Piece("  "), mark(key.state), Piece(" "), *owner_words(key), *sentence(key.worst, short=False), tokens)


def _key(each: KeyWeight, all_keys: Sequence[KeyWeight], width: int) -> Line:
    label = _label(width)
    head = (Piece("  "), mark(each.key.state), *line((" " + fit(each.key.shown, label) + " ", "")))
    return _weighed(head, each.tokens, max(one.tokens for one in all_keys), _said(each.tokens, each.outside), width)


def _file(each: FileWeight, files: Sequence[FileWeight], width: int) -> Line:
    label = _label(width)
    path = each.path if len(each.path) <= label else "…" + each.path[1 - label :]
    head = line(("    " + fit(path, label) + " ", ""))
    said = f"{each.withheld} withheld if unreadable" + (
        f" · {each.expired} expire out of bounds" if width >= 90 else ""
    )
    tail = (*line((said, "muted")), *_outside(each.outside))
    return _weighed(head, each.withheld, max(one.withheld for one in files), tail, width)


def _label(width: int) -> int:
    """Cells for the name of a key or a file."""
    return max(min(width * 3 // 10, 60), 22)


def _said(tokens: int, outside: int) -> Line:
    return (*line((plural(tokens, "token"), "muted")), *_outside(outside))


def _outside(outside: int) -> Line:
    return line((f" · {outside} outside", "state-expired")) if outside else ()


def _weighed(head: Line, count: int, most: int, said: Line, width: int) -> Line:
    """A bar of how much hangs on it, where there is room, and the same in words."""
    filled, rest = bar(count / most, width // 10) if width >= 90 else ("", "")
    if not filled + rest:
        return spread(head, (*said, Piece(" ")), width)
    return cut((*head, Piece(filled, "accent"), Piece(f"{rest}  ", "edge-dim"), *said), width)
