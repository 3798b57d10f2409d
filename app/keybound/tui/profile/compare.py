"""What differs: the text as it is saved and as it is edited; what was approved and what is now."""

import difflib
from collections.abc import Sequence

from keybound.custody.view_models.tokens import BoundRow, TokenView
from keybound.domain.verdict.states import State
from keybound.tui.styled_text import Line, hue, line, mark
from keybound.tui.words import row_place

AROUND = 2  # unchanged lines shown beside a change


def edits(before: str, after: str, fresh: str = "bold") -> list[Line]:
    """The edited lines with their numbers; what goes is neutral, what comes has the style ``fresh``."""
    old, new = before.split("\n"), after.split("\n")
    made: list[Line] = []
    for group in difflib.SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(AROUND):
        made += [()] if made else []
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                made += [_row(" ", j1 + at + 1, old[i1 + at], "muted") for at in range(i2 - i1)]
                continue
            made += [_row("-", i1 + at + 1, old[i1 + at], "muted") for at in range(i2 - i1)]
            made += [_row("+", j1 + at + 1, new[j1 + at], fresh) for at in range(j2 - j1)]
    return made


def _row(sign: str, number: int, text: str, style: str) -> Line:
    return line((f" {number:>3} ", "muted"), (f"{sign} ", "accent" if sign == "+" else "muted"), (text, style))


def approved_and_now(tokens: Sequence[TokenView]) -> list[Line]:
    """Every key that is not as approved, once for each token that is bound to it."""
    made: list[Line] = []
    for token in tokens:
        rows = [row for row in token.bound if row.inside is not True or row.state is not State.ACTIVE]
        if rows or token.state is State.UNAPPROVED:
            made.append((mark(token.state), *line((f" {token.name}  ", "bold"), (token.state.word, hue(token.state)))))
        if token.state is State.UNAPPROVED:
            made.append(line((f"    {token.why}; A shows how", "muted")))
        made += [_pair(row) for row in rows]
        made += [line((f"  {token.name}: not known, {token.unread}", "muted"))] if token.unread else []
    return made


def _pair(row: BoundRow) -> Line:
    approved, now = row.approved.words if row.approved is not None else "", row.now.words
    where = f"  {row_place(row)}"
    return line(
        (f"    {row.key}  ", ""),
        (approved, "muted"),
        (" → ", "muted"),
        (now, f"bold {hue(row.state)}"),
        (where, "accent"),
    )
