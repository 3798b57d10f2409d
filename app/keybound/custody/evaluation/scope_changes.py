"""Scopes that a token gains or loses, alerted whatever its state does."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from keybound.custody.context.caller import who
from keybound.custody.context.context import Context
from keybound.custody.evaluation.evaluate import Judged
from keybound.domain.values.event_kinds import EventKind
from keybound.domain.values.scopes import granted
from keybound.stores.journal.journal import Draft


class Shift(NamedTuple):
    """What one token gained and lost since somebody last looked."""

    id: str
    gained: tuple[str, ...]
    lost: tuple[str, ...]

    def __str__(self) -> str:
        words = [f"gains {', '.join(self.gained)}"] if self.gained else []
        words += [f"loses {', '.join(self.lost)}"] if self.lost else []
        return f"{self.id} {' and '.join(words)}"


def permitted(one: Judged) -> frozenset[str]:
    """The scopes that a token has now: declared, and granted by an active role."""
    inputs = one.inputs
    return granted(inputs.token.scopes, inputs.active_roles, inputs.grants) if inputs else frozenset()


def note_scopes(context: Context, judged: Iterable[Judged]) -> list[Shift]:
    """Remember each token's scopes; journal and return what moved. Raises UnavailableError.

    Tokens without a secret, without declared scopes, or of a broken profile are passed over. Where nobody hears of it now, the
    alert waits for its owner.
    """
    held = {
        str(one.id): permitted(one) for one in judged if one.inputs and one.inputs.token.scopes and one.held.envelope
    }
    if not held:
        return []
    before = context.state.scopes(list(held))
    shifts = [
        Shift(id_, tuple(sorted(scopes - before[id_])), tuple(sorted(before[id_] - scopes)))
        for id_, scopes in held.items()
        if id_ in before and scopes != before[id_]
    ]
    new = {id_: scopes for id_, scopes in held.items() if before.get(id_) != scopes}
    if shifts:
        by = who("keybound")
        drafts = [
            Draft(EventKind.SCOPES, one.id, by, {"gained": list(one.gained), "lost": list(one.lost)}) for one in shifts
        ]
        context.journal.append(drafts, context.clock())
    if shifts:
        _alert(context, shifts, new)
    elif new:
        context.state.set_scopes(new)
    return shifts


def _alert(context: Context, shifts: Iterable[Shift], new: Mapping[str, frozenset[str]]) -> None:
    """Remembered and alerted in one: whatever is remembered is never found again."""
    from keybound.custody.alerts.raising import Raised, raise_alerts
    from keybound.domain.values.alert_kinds import AlertKind

    gained = [Raised(AlertKind.GAINED, one.id, f"gains {', '.join(one.gained)}") for one in shifts if one.gained]
    lost = [Raised(AlertKind.LOST, one.id, f"loses {', '.join(one.lost)}") for one in shifts if one.lost]
    with context.state.together():
        context.state.set_scopes(new)
        raise_alerts(context, [*gained, *lost])
