"""What saving would do, in words: the panel beside the text, its narrow form, and the lines of the question."""

from collections.abc import Sequence

from keybound.custody.views import PlanRow, PlanView
from keybound.tui.canvas import Canvas
from keybound.tui.ink import Line, Piece, cut, fit, hue, line, mark


def is_empty(plan: PlanView) -> bool:
    """Whether saving would change nothing for any token and seal nothing."""
    return not plan.rows and not plan.parts


def title(plan: PlanView | None) -> str:
    """The panel's title."""
    if plan is None:
        return "Plan"
    if plan.fault:
        return "Plan · the text cannot be read"
    total = len(plan.rows) + len(plan.unchanged)
    return f"Plan · saving changes {len(plan.rows)} of {total} tokens" if plan.rows else "Plan · no token changes"


class Plan(Canvas, can_focus=True):
    """The plan of the text as it stands."""

    plan: PlanView | None = None
    waiting = False

    def show(self, plan: PlanView | None, *, waiting: bool) -> None:
        """Show a plan; ``waiting``: a newer one is being made."""
        from textual.content import Content

        self.plan, self.waiting = plan, waiting
        self.border_title = Content(title(plan))
        self.border_subtitle = Content("thinking…" if waiting else "nothing written yet")
        self.repaint()

    def lines(self, width: int) -> Sequence[Line]:
        """Blocks beside the text, or one line a token below it."""
        if self.plan is None:
            return [line(("Nothing is planned yet.", "muted"))]
        narrow = width > 60
        return [cut(each, width) for each in lines_of(self.plan, narrow=narrow)]


def lines_of(plan: PlanView, *, narrow: bool = False) -> list[Line]:
    """Every consequence."""
    if plan.fault:
        where = f"line {plan.fault_line}: " if plan.fault_line else ""
        return [
            line((where, "accent"), (plan.fault, "state-expired")),
            line(("Nothing can be saved until it is mended.", "muted")),
        ]
    made = [each for row in plan.rows for each in (_short(row) if narrow else _block(row))]
    if not plan.rows:
        made.append(line(("No token changes its state or scopes.", "muted")))
    if plan.parts:
        said = f"saving approves this profile's {' and '.join(plan.parts)}"
        made.append(line((said, "state-unapproved")))
    return made if narrow else [*made, *_unchanged(plan)]


def _name(row: PlanRow) -> str:
    return row.id.partition("/")[2] or row.id


def _step(row: PlanRow, *, words: bool) -> Line:
    before = line((fit(f" {row.before.word}", 12), "muted")) if words else (Piece(" "),)
    after = line((f" {row.after.word}", f"bold {hue(row.after)}"))
    return (mark(row.before), *before, Piece("→ ", "muted"), mark(row.after), *after)


def _block(row: PlanRow) -> list[Line]:
    made: list[Line] = [(Piece(fit(_name(row), 10) + " ", "bold"), *_step(row, words=True))]
    made += [_scope("loses scope", "-", scope) for scope in row.lost]
    made += [_scope("gains scope", "+", scope) for scope in row.gained]
    for at, finding in enumerate(row.findings):
        where = f" line {row.lines[at]}" if at < len(row.lines) and row.lines[at] else ""
        made.append(line(("  " + finding.message, "muted"), (where, "accent")))
    if row.needs_approval:
        made.append(line(("  its definition changes; saving seals it", "state-unapproved")))
    if row.before is row.after and row.after.name == "EXPIRED":
        made.append(
            line(
                ("  stays expired: ", "muted"),
                ("A", "bold accent"),
                (" approve, ", "muted"),
                ("r", "bold accent"),
                (" refresh", "muted"),
            )
        )
    return [*made, ()]


def _scope(verb: str, sign: str, scope: str) -> Line:
    style = "bold state-expired" if sign == "-" else "bold state-warning"
    return line((f"  {verb} ", "muted"), (f" {sign} {scope} ", f"{style} on chip"))


def _short(row: PlanRow) -> list[Line]:
    pieces: list[Piece] = [Piece(fit(_name(row), 9) + " ", "bold"), *_step(row, words=False), Piece("  ")]
    for scope in row.lost:
        pieces += line(("loses ", "muted"), (f" - {scope} ", "bold state-expired on chip"), "  ")
    for scope in row.gained:
        pieces += line(("gains ", "muted"), (f" + {scope} ", "bold state-warning on chip"), "  ")
    for at, finding in enumerate(row.findings):
        number = f" {row.lines[at]}" if at < len(row.lines) and row.lines[at] else ""
        pieces += line((finding.message, "muted"), (number + "  ", "accent"))
    return [tuple(pieces)]


def _unchanged(plan: PlanView) -> list[Line]:
    """Tokens that stay as they are, three a line."""
    made: list[Line] = []
    for at in range(0, len(plan.unchanged), 2):
        head = Piece(fit("unchanged" if at == 0 else "", 11), "muted")
        pieces = [head]
        for name, state in plan.unchanged[at : at + 2]:
            pieces += [mark(state), Piece(" " + fit(name.partition("/")[2], 12) + " ", "muted")]
        made.append(tuple(pieces))
    return made


def end_notes(plan: PlanView | None) -> list[tuple[int, Line]]:
    """What stands at the ends of lines: each token that a line moves, in its new state."""
    if plan is None:
        return []
    if plan.fault:
        return [(plan.fault_line, line(("× " + plan.fault[:40], "bold state-expired")))] if plan.fault_line else []
    return [
        (number, (Piece(" "), mark(row.after, "bold"), Piece(f" {_name(row)}", f"bold {hue(row.after)}")))
        for row in plan.rows
        for number in dict.fromkeys(row.lines)
        if number
    ]
