"""An expiry as it is recorded, and as it is told later: what it was, what it is now."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from keybound.domain.values.readings import Found, Read
from keybound.domain.verdict.states import REACTIONS, Reaction, State
from keybound.domain.verdict.sticky import EXPIRED, Sticky
from keybound.domain.verdict.verdict import Finding, Shown
from keybound.domain.verdict.wording import in_sentence, kept_value, shown


def expiry_of(finding: Finding) -> Sticky:
    """What is kept of the finding that expires a token; when, and the line, are for whoever records it."""
    approved = finding.approved.text if finding.approved else ""
    then = finding.now.text if finding.now else ""
    word = finding.reaction.word
    return Sticky(EXPIRED, finding.message, "", finding.key, finding.rule, word, approved, then, finding.path)


def shown_now(readings: Mapping[str, Read], key: str, active_roles: Sequence[str] = ()) -> Shown | None:
    """The present value of a key, where the definition still has it."""
    if key == "roles.active" and key not in readings:
        return shown(key, Found(list(active_roles)))
    return shown(key, readings[key].reading) if key in readings else None


def was_left(sticky: Sticky, now: Shown | None) -> Finding:
    """The finding of an expiry that was recorded before: what it was, and what it is now."""
    message = sticky.why
    if sticky.key and sticky.then and (now is None or now.text != sticky.then):
        when = f" on {datetime.fromisoformat(sticky.at):%Y-%m-%d at %H:%M} UTC" if sticky.at else ""
        present = f"it is {now.text} now" if now else "it is no longer bound"
        message = f"{sticky.key} was {sticky.then}{when}, bound to {in_sentence(sticky.rule)}; {present}"
    reaction = REACTIONS.get(sticky.reaction, Reaction.EXPIRE)
    approved = kept_value(sticky.approved) if sticky.approved else None
    then = kept_value(sticky.then) if sticky.then else None
    return Finding(
        sticky.key, sticky.rule, reaction, State.EXPIRED, approved, now, message, sticky.path,
        then=then, since=sticky.at, line=sticky.line,
    )  # fmt: skip
