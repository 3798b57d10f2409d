"""Approve: what would be accepted of each token, with its difference, its readings, and the state it comes to."""

from collections.abc import Sequence

from keybound.custody.view_models.plans import ApprovalView
from keybound.custody.view_models.tokens import BoundRow
from keybound.domain.text.sanitize import clean
from keybound.domain.verdict.states import State
from keybound.tui.dialogs.confirm import Confirm
from keybound.tui.styled_text import Line, Piece, hue, line, mark
from keybound.tui.tokens.reasons import recorded, told, when
from keybound.tui.words import part_names, plural, row_place

BRIEF = 8  # tokens; of more, each is one line and its definition's difference


class Approve(Confirm):
    """Seals the very snapshots that are shown; what cannot be approved is said, and left out."""

    def __init__(self, views: Sequence[ApprovalView], now: float) -> None:
        good = [view for view in views if not view.obstacle]
        self._possible = bool(good)
        said = "Approves what is shown here. From now on the token is held to it." if len(views) == 1 else ""
        said = said or f"Approves what is shown here. From now on each is held to it. {_count(good, views)}"
        brief = len(views) > BRIEF
        blocks = [each for view in views for each in ((), *_block(view, now, brief=brief))]
        lines = [line((said if good else "Nothing here can be approved now.", "muted")), *blocks]
        super().__init__(_title(views), lines, "Approve")

    def on_mount(self) -> None:
        """The verb has the focus, where there is something to approve."""
        self.query_one("#yes").disabled = not self._possible
        self.query_one("#yes" if self._possible else "#no").focus()


def _title(views: Sequence[ApprovalView]) -> str:
    noun = "token" if all(view.before is not None for view in views) else "item"
    return f"Approve {views[0].id}?" if len(views) == 1 else f"Approve {plural(len(views), noun)}?"


def _count(good: Sequence[ApprovalView], views: Sequence[ApprovalView]) -> str:
    return (
        ""
        if len(good) == len(views)
        else f"{len(views) - len(good)} of {len(views)} cannot be approved, and stay as they are."
    )


def _block(view: ApprovalView, now: float, *, brief: bool) -> list[Line]:
    made, past = [_head(view)], recorded(view.findings)
    if past:
        made.append((Piece("  "), *told(past, when(past, now))))
    if view.obstacle:
        made.append(line((f"  cannot be approved: {view.obstacle}", "state-expired")))
        made += [_WAYS_BACK] if any(row.inside is False for row in view.readings) else []
    elif view.why and not past:
        made.append(line((f"  {view.why}", "muted")))
    if view.before is not None and not brief:
        made += _readings(view.readings)
        made += [] if view.lines else [line(("  Its definition has not changed since you approved it.", "muted"))]
    if not view.former:
        made.append(line(("  What you approved before is not known here; this is everything:", "state-warning")))
    return [*made, *(_difference(each) for each in view.lines)]


_WAYS_BACK = line(
    ("  First ", "muted"), ("u", "bold accent"), (" put the value back, or ", "muted"), ("w", "bold accent"),
    (" widen the boundary", "muted"),
)  # fmt: skip


def _head(view: ApprovalView) -> Line:
    if view.before is None or view.after is None:
        said = f"  the profile's own {part_names(view.parts)}" if view.parts else ""
        return (mark(State.UNAPPROVED), *line((f" {view.id}", "bold"), (said, "muted")))
    moves = line(("  ", ""), (view.before.word, hue(view.before)), (" → ", "muted"))
    return (mark(view.before), *line((f" {view.id}", "bold")), *moves, mark(view.after), *_word(view.after))


def _word(state: State) -> Line:
    return line((f" {state.word}", f"bold {hue(state)}"))


def _readings(rows: Sequence[BoundRow]) -> list[Line]:
    made = []
    for row in rows:
        value = "cannot be read" if row.inside is None else row.now.words
        style = "" if row.inside is True else f"bold {hue(row.state)}"
        where = row_place(row)
        said = line((f" {row.key} ", ""), (value, style), (f"   {row.rule}", "muted"), (f"   {where}", "accent"))
        made.append((Piece("  "), mark(row.state), *said))
    return made


def _difference(row: str) -> Line:
    """What was approved is neutral, what is now stands out."""
    style = "state-unapproved" if row.startswith("+") else "" if row.startswith("-") else "muted"
    return line((f"  {clean(row)}", style))
