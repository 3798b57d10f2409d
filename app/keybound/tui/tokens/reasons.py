"""Why a token is in its state, in words; an expiry that was recorded before is told in the past tense."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from keybound.custody.view_models.tokens import BoundRow, TokenView
from keybound.domain.verdict.states import Reaction, State
from keybound.domain.verdict.verdict import Finding, Shown
from keybound.domain.verdict.wording import in_sentence
from keybound.tui.styled_text import Line, hue, line
from keybound.tui.words import moment, row_place


class Reason(NamedTuple):
    """One reason, and where it stands: ``staging.toml:10``, or ""."""

    said: Line
    place: str = ""

    @property
    def text(self) -> str:
        """Without style."""
        return "".join(piece.text for piece in self.said)


def reasons(token: TokenView) -> list[Reason]:
    """What `keybound why` tells, the gravest first, each once; none for a token that is fine."""
    if token.elsewhere:  # the table's first lines say whose, and what to do
        return [Reason(line(("no secret is stored for this home", hue(token.state))))]
    rows = {row.key: row for row in token.bound if row.inside is not True}
    past = recorded(token.findings)
    made: list[Reason] = []
    for finding in token.findings:
        if finding.state is State.ACTIVE or (
            past is not None and finding is not past and finding.key == past.key != ""
        ):
            continue
        made.append(_reason(finding, rows.get(finding.key), token.state))
    if not made and token.why:
        made.append(Reason(line((token.why, hue(token.state)))))
    return list(dict.fromkeys(made))


def _reason(finding: Finding, row: BoundRow | None, state: State) -> Reason:
    if finding.then is not None:
        return Reason(told(finding), row_place(finding))
    if row is not None:
        return Reason(sentence(row), row_place(row))
    return Reason(line((finding.message, hue(finding.state if finding.key else state))))


def sentence(row: BoundRow, *, short: bool = True) -> Line:
    """``beta_writes is true, bound to false``."""
    state = f"bold {hue(row.state)}"
    name = row.label if short else row.key
    verb = " cannot be read: " if row.inside is None else " is "
    rule = in_sentence(row.rule)
    return line((name, "bold"), (verb, "muted"), (row.now.words, state), (", bound to ", "muted"), (rule, "bold"))


def recorded(findings: Sequence[Finding]) -> Finding | None:
    """The expiry that was recorded before and that no present reading explains."""
    return next((finding for finding in findings if finding.then is not None), None)


def told(finding: Finding, when: str = "") -> Line:
    """``flags.beta_writes was true when it expired, bound to false; it is false now``. ``when``: said where no heading does."""
    then = finding.then or Shown("")
    at = f" when it expired ({when})" if when else " when it expired"
    return line(
        (finding.key, "bold"), (" was ", "muted"), (then.words, f"bold {hue(State.EXPIRED)}"), (at, "muted"),
        (", bound to ", "muted"), (in_sentence(finding.rule), "bold"), ("; it ", "muted"), *_present(finding, then),
    )  # fmt: skip


def _present(finding: Finding, then: Shown) -> Line:
    if finding.now is None:
        return line(("is no longer bound", "muted"))
    if finding.now == then:
        return line(("still is", "muted"))
    return line(("is ", "muted"), (finding.now.words, "bold"), (" now", "muted"))


def when(finding: Finding, now: float) -> str:
    """When it expired: ``14:02:11 today``, or "" where that was not kept."""
    return moment(datetime.fromisoformat(finding.since).timestamp(), now) if finding.since else ""


def only_a_new_secret_helps(token: TokenView) -> bool:
    """Its time ran out, or its secret was erased: no approval mends that."""
    return any(
        finding.state is State.EXPIRED and not finding.key and finding.reaction is Reaction.SUSPEND
        for finding in token.findings
    )
