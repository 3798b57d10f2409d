"""What saving would do, in words: the panel beside the text, its narrow form, and the lines of the question."""

from collections.abc import Sequence

from keybound.custody.view_models.plans import PlanRow, PlanView
from keybound.domain.text.sanitize import clean
from keybound.domain.verdict.states import State
from keybound.tui.canvas import Canvas
from keybound.tui.styled_text import Line, Piece, fit, hue, line, mark, wrapped
from keybound.tui.words import part_names, plural


def is_empty(plan: PlanView) -> bool:
    """Whether saving would change nothing for any token and approve nothing."""
    return not plan.rows and not plan.parts


def moved(plan: PlanView) -> tuple[PlanRow, ...]:
    """Tokens that the text moves: in state, scopes or definition, or only back inside; the gravest first."""
    return (*sorted(plan.rows, key=_gravity), *plan.stays)


def _gravity(row: PlanRow) -> tuple[bool, int]:
    return row.after is State.MISSING, -row.after


def title(plan: PlanView | None) -> str:
    """The panel's title."""
    if plan is None:
        return "Plan"
    if plan.fault:
        return "Plan · the text cannot be read"
    total = len(moved(plan)) + len(plan.unchanged)
    return (
        f"Plan · saving changes {len(plan.rows)} of {plural(total, 'token')}"
        if plan.rows
        else "Plan · no token changes"
    )


class Plan(Canvas, can_focus=True):
    """The plan of the text as it stands."""

    plan: PlanView | None = None
    waiting = False
    unknown = ""

    def show(self, plan: PlanView | None, *, waiting: bool, unknown: str = "") -> None:
        """Show a plan; ``waiting``: a newer one is being made; ``unknown``: why there is none."""
        from textual.content import Content

        self.plan, self.waiting, self.unknown = plan, waiting, unknown
        self.border_title = Content(title(plan))
        self.border_subtitle = Content("thinking…" if waiting else "nothing written yet")
        self.repaint()

    def lines(self, width: int) -> Sequence[Line]:
        """Blocks beside the text, or one line a token below it."""
        if self.plan is None and self.unknown:
            said = line((f"Cannot tell what saving would do: {self.unknown}.", "state-warning"))
            return wrapped(said, width)
        if self.plan is None:
            return [line(("No plan yet.", "muted"))]
        if width > 60:
            return [row for each in lines_of(self.plan, narrow=True) for row in wrapped(each, width, 12)]
        return [row for each in lines_of(self.plan) for row in wrapped(each, width, 2)]


def lines_of(plan: PlanView, *, narrow: bool = False) -> list[Line]:
    """Every consequence."""
    if plan.fault:
        where = f"line {plan.fault_line}: " if plan.fault_line else ""
        return [
            line((where, "accent"), (plan.fault, "state-expired")),
            line(("Fix it before you save.", "muted")),
        ]
    made = [each for row in moved(plan) for each in (_short(row) if narrow else _block(row))]
    if not made:
        made += [line(("No token changes its state or scopes.", "muted")), *([] if narrow else [()])]
    if plan.parts:
        said = f"saving approves this profile's {part_names(plan.parts)}"
        made.append(line((said, "state-unapproved")))
    made += _checked(plan)
    return made if narrow else [*made, *_unchanged(plan)]


def _checked(plan: PlanView) -> list[Line]:
    """What ``keybound check`` would say: the policy's rules, and how many of the profile's own scenarios hold."""
    made = [line((clean(problem), "state-expired")) for problem in plan.problems]
    if plan.expected:
        holding = plan.expected - sum(problem.startswith("expect:") for problem in plan.problems)
        colour = "state-active" if holding == plan.expected else "state-expired"
        made.append(line((f"expect {holding} of {plan.expected} hold", colour)))
    return made


def _name(row: PlanRow) -> str:
    return row.id.partition("/")[2] or row.id


def _step(row: PlanRow, *, words: bool) -> Line:
    if row.before is row.after:
        return (mark(row.after), *line((f" stays {row.after.word}", hue(row.after))))
    before = line((fit(f" {row.before.word}", 12), "muted")) if words else (Piece(" "),)
    after = line((f" {row.after.word}", f"bold {hue(row.after)}"))
    return (mark(row.before), *before, Piece("→ ", "muted"), mark(row.after), *after)


def _block(row: PlanRow) -> list[Line]:
    made: list[Line] = [(Piece(fit(_name(row), 10) + " ", "bold"), *_step(row, words=True))]
    made += [_scope("loses scope", "-", scope) for scope in row.lost]
    made += [_scope("gains scope", "+", scope) for scope in row.gained]
    made += [_said(row, at) for at in range(len(row.findings)) if row.after is not State.MISSING]
    made += [line(("  " + f"{key} is inside again", "muted"), (_at(number), "accent")) for key, number in row.back]
    if row.needs_approval:
        made.append(line(("  its definition changes; saving approves it", "state-unapproved")))
    if row.before is row.after and row.after is State.EXPIRED:
        made.append(
            line(
                ("  until ", "muted"),
                ("A", "bold accent"),
                (" approve or ", "muted"),
                ("r", "bold accent"),
                (" refresh", "muted"),
            )
        )
    return [*made, ()]


def _at(number: int) -> str:
    return f" line {number}" if number else ""


def _said(row: PlanRow, at: int) -> Line:
    """One finding: the value that is outside stands out."""
    finding = row.findings[at]
    where = (_at(row.lines[at]) if at < len(row.lines) else "", "accent")
    if not finding.key or finding.now is None or f" is {finding.now.text}, " not in finding.message:
        return line(("  " + finding.message, "muted"), where)
    head, _, tail = finding.message.partition(f" is {finding.now.text}, ")
    value = (finding.now.text, f"bold {hue(finding.state)}")
    return line(("  " + head + " is ", "muted"), value, (", " + tail, "muted"), where)


def _scope(verb: str, sign: str, scope: str) -> Line:
    style = "bold state-expired" if sign == "-" else "bold state-warning"
    return line((f"  {verb} ", "muted"), (f" {sign} {scope} ", f"{style} on chip"))


def _short(row: PlanRow) -> list[Line]:
    pieces: list[Piece] = [Piece(fit(_name(row), 9) + " ", "bold"), *_step(row, words=False), Piece("  ")]
    for scope in row.lost:
        pieces += line(("loses ", "muted"), (f" - {scope} ", "bold state-expired on chip"), "  ")
    for scope in row.gained:
        pieces += line(("gains ", "muted"), (f" + {scope} ", "bold state-warning on chip"), "  ")
    for at, finding in enumerate(row.findings if row.after is not State.MISSING else ()):
        number = f" {row.lines[at]}" if at < len(row.lines) and row.lines[at] else ""
        pieces += line((finding.message, "muted"), (number + "  ", "accent"))
    if row.needs_approval:
        pieces += line(("its definition changes; saving approves it  ", "state-unapproved"))
    if row.back:
        stays = "; A approve or r refresh" if row.after is State.EXPIRED else ""
        pieces += line(("inside again" + stays, "muted"))
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
    moves = [
        (number, (Piece(" "), mark(row.after, "bold"), Piece(f" {_name(row)}", f"bold {hue(row.after)}")))
        for row in plan.rows
        for number in dict.fromkeys(row.lines)
        if number
    ]
    returned = dict.fromkeys(number for row in moved(plan) for _, number in row.back if number)
    again = line((" inside again", "bold state-active"))
    return [*moves, *((number, again) for number in returned if number not in dict(moves))]
