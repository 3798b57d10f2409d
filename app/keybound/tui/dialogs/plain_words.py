"""What the import dialog says of the row under the cursor, and of what Enter would do."""

from collections.abc import Sequence

from keybound.custody.view_models.plain import PlainFinding, PlainSource, PlainToken
from keybound.domain.verdict.states import State
from keybound.tui.dialogs.plain_list import PlainList
from keybound.tui.styled_text import Line, Piece, line, mark
from keybound.tui.words import named, plural


def of_finding(one: PlainFinding) -> list[Line]:
    """Of one that no import can take."""
    risk = f"; {one.risk}" if one.risk else ""
    return [
        line((one.place, "bold"), (f"   {one.title}{risk}", "")),
        line(("No import can take it from there. Remove it by hand; if others may have read it, revoke it.", "muted")),
    ]


def of_tokens(source: PlainSource, tokens: Sequence[PlainToken], replacing: bool, key: str) -> list[Line]:
    """Of one token, of those that are left for one reason, or of a whole file."""
    if len(tokens) == 1 and not tokens[0].left:
        return [*_of_token(source, tokens[0]), _copy_line(source, replacing, key), _bound_line(tokens[0])]
    stored = [one for one in tokens if one.stored]
    if len(tokens) == 1 and stored:
        return [
            _place_line(source, stored[0]),
            line(f"It is {stored[0].left}: nothing is stored again."),
            _copy_line(source, replacing, key),
        ]
    if len(tokens) == 1 and tokens[0].doubtful:
        return [
            _place_line(source, tokens[0]),
            line(tokens[0].title or "Of no known kind"),
            *_doubt_lines(tokens[0]),
            _copy_line(source, replacing, key),
        ]
    if len({one.left for one in tokens}) == 1 and tokens[0].left:
        names = named([f"{one.label} (line {one.line})" if one.line else one.label for one in tokens], 6)
        return [
            line((f"{source.place}", "bold"), ("   not taken: ", ""), (names, "bold")),
            line((tokens[0].left, "muted")),
            *(
                [line(("space", "bold accent"), (" lists them, to take one all the same", "muted"))]
                if tokens[0].doubtful
                else []
            ),
        ]
    count = sum(not one.left for one in tokens)
    left = len(tokens) - count - len(stored)
    parts = [(count, "to import"), (len(stored), "stored already"), (left, "left")]
    words = ", ".join(f"{number} {word}" for number, word in parts if number)
    return [line((source.place, "bold"), (f"   {words}", "muted")), _copy_line(source, replacing, key)]


def _of_token(source: PlainSource, one: PlainToken) -> list[Line]:
    return [
        _place_line(source, one),
        line(one.title or "Of no known kind"),
        line(("Becomes ", "muted"), (one.id, "bold"), *_use(one)),
    ]


def _place_line(source: PlainSource, one: PlainToken) -> Line:
    place = f"{source.place}:{one.line}" if one.line else source.place
    return line((place, "bold"), (f"   {one.label}", "muted"))


def _doubt_lines(one: PlainToken) -> list[Line]:
    return [
        line(("Not ticked: ", "muted"), one.left),
        line(("Ticked, it is taken all the same, and called as its file calls it.", "muted")),
    ]


def _use(one: PlainToken) -> Sequence[tuple[str, str]]:
    if one.env:
        return (", exported as ", "muted"), (one.env, "bold")
    return ((", which no shell gets: only a helper, for its tool", "muted"),)


def _bound_line(one: PlainToken) -> Line:
    return line(("Bound to ", "muted"), "; ".join(one.binds)) if one.binds else line(("Bound to nothing yet", "muted"))


def _copy_line(source: PlainSource, replacing: bool, key: str) -> Line:
    """What becomes of the plain copy."""
    if not source.instead:
        return line(("Its plain copy stays: it cannot be replaced.", "muted"))
    if replacing:
        return line(("Its plain copy is replaced: ", "muted"), source.instead)
    return line((f"Its plain copy stays. With {key}: ", "muted"), (source.instead, "muted"))


def then(plain: PlainList, key: str) -> list[Line]:
    """What Enter would do. ``key`` replaces plain copies."""
    new = [one for one in plain.chosen if not one.stored]
    made: list[Line] = [()]
    if not plain.chosen:
        made.append(line(("Then  ", "bold"), ("nothing is ticked: nothing is stored", "muted")))
    elif new:
        said = f" stores {plural(len(new), 'token')} in {plain.found.profile}, sealed and read back"
        made.append((Piece("Then  ", "bold"), mark(State.ACTIVE), *line((said, ""))))
    else:
        made.append(line(("Then  ", "bold"), ("nothing new is stored", "muted")))
    box = "[x]" if plain.replacing else "[ ]"
    files = plural(len(plain.replaced), "file")
    said = f" in {files}; each is kept encrypted" if plain.replacing else ": changes no file"
    made.append(
        (
            Piece("      "),
            Piece(f"{box} {key}", "bold accent", "screen.replace"),
            Piece(" replace plain copies", "", "screen.replace"),
            *line((said, "state-warning" if plain.replacing and plain.replaced else "muted")),
        )
    )
    return made
