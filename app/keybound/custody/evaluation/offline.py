"""What still holds while the store is locked or away: live readings against what the state knows as sealed."""

import time
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from keybound.custody.alerts.raising import Raised, raise_alerts
from keybound.custody.context.context import Context
from keybound.custody.envelopes.envelopes import Held
from keybound.custody.envelopes.unfinished import unfinished_ids
from keybound.custody.evaluation.evaluate import broken, inputs_of, readings_of
from keybound.custody.evaluation.recorded import recorded
from keybound.custody.profiles.library import Library, Loaded
from keybound.domain.errors import BadInputError, NotFoundError
from keybound.domain.guard.guard import judge
from keybound.domain.profile.definition import Binding, Token
from keybound.domain.rules.registry import compares_approved
from keybound.domain.seal.envelope import Envelope
from keybound.domain.seal.seal import definition_digest, from_text, grants_digest
from keybound.domain.text.secret import Secret
from keybound.domain.values.alert_kinds import AlertKind
from keybound.domain.values.keys import CARRIED
from keybound.domain.values.moments import stamp
from keybound.domain.values.names import TokenId
from keybound.domain.verdict.states import STATES, Reaction, State
from keybound.domain.verdict.sticky import Sticky, pending_text
from keybound.domain.verdict.verdict import Verdict
from keybound.sources.files.snapshot import Snapshot
from keybound.stores.generation import touch
from keybound.stores.lock import exclusive_in_turn
from keybound.stores.state import Known

_POLL = 0.05


class Remembered(NamedTuple):
    """A token as the state knows it. ``live``: its verdict on live readings, None where what was sealed is not known."""

    known: Known
    live: Verdict | None

    @property
    def state(self) -> State | None:
        """The last known state; None where none is known."""
        return State.EXPIRED if self.known.pending else STATES.get(self.known.verdict)

    @property
    def usable(self) -> bool:
        """Whether a shell that holds it may keep it: last known as usable, and inside its bounds now."""
        last = self.state is not None and self.state.usable
        return last and (self.live is None or self.live.state.usable)


class OfflineEvaluation(NamedTuple):
    """One look at profiles without their envelopes. ``loaded``: the profiles that can be read."""

    tokens: tuple[Remembered, ...]
    loaded: Mapping[str, Loaded]
    snapshot: Snapshot

    @property
    def resting(self) -> bool:
        """Whether a file must rest before its reading counts."""
        return any(one.live is not None and one.live.unsettled_ns is not None for one in self.tokens)


def evaluate_offline(context: Context, names: Iterable[str], wait_s: float) -> OfflineEvaluation:
    """Judge without the store; keep each expiry found as pending. Never asks for the store to be opened.

    Files that have not rested are waited for, at most ``wait_s`` seconds. Raises UnavailableError for state and lock.
    """
    names = list(names)
    until = time.monotonic() + wait_s
    found = _judged(context, names)
    while found.resting and time.monotonic() < until:
        time.sleep(_POLL)
        found = _judged(context, names)
    if not any(_expiry(one) for one in found.tokens):
        return found
    with exclusive_in_turn(context.home.lock), context.state.together():
        expired = [(one, expiry) for one in _judged(context, names).tokens if (expiry := _expiry(one))]
        for one, expiry in expired:
            loaded = found.loaded.get(one.known.id.partition("/")[0])
            sticky = recorded(loaded, one.live, expiry, stamp(context.clock())) if one.live else expiry
            context.state.set_pending(one.known.id, pending_text(sticky))
        raise_alerts(context, [Raised(AlertKind.EXPIRED, one.known.id, expiry.why) for one, expiry in expired])
        touch(context.home.generation)
    return _judged(context, names)


def _expiry(one: Remembered) -> Sticky | None:
    return one.live.expiry if one.live and not one.known.pending else None


def _judged(context: Context, names: Iterable[str]) -> OfflineEvaluation:
    library, snapshot = Library(context.home), Snapshot()
    loaded, faults = _loaded(library, names)
    rows = context.state.known()
    unfinished = unfinished_ids(context.home)
    tokens = []
    for row in rows.values():
        profile, slash, _ = row.id.partition("/")
        if not slash or row.removed or profile not in loaded.keys() | faults.keys():
            continue
        token = TokenId(*row.id.split("/", 1))
        if profile in faults:
            live: Verdict | None = broken(token, Held(None, row), faults[profile]).verdict
        elif unfinished & {row.id, profile}:
            live = None
        else:
            live = _live(context, row, loaded[profile], rows.get(profile), snapshot)
        tokens.append(Remembered(row, live))
    return OfflineEvaluation(tuple(tokens), loaded, snapshot)


def _loaded(library: Library, names: Iterable[str]) -> tuple[dict[str, Loaded], dict[str, BadInputError]]:
    loaded: dict[str, Loaded] = {}
    faults: dict[str, BadInputError] = {}
    for name in names:
        try:
            loaded[name] = library.load(name)
        except NotFoundError:
            continue
        except BadInputError as fault:
            faults[name] = fault
    return loaded, faults


def _live(context: Context, row: Known, one: Loaded, part: Known | None, snapshot: Snapshot) -> Verdict | None:
    """The guard's verdict on what can be known: the sealed definition without the baselines that its envelope keeps."""
    token = one.profile.tokens.get(row.id.partition("/")[2])
    sealed = from_text(row.sealed_text)
    if token is None or sealed is None:
        return None
    digest = definition_digest(sealed)
    envelope = Envelope(context.home.config, row.id, "token", row.incarnation, row.epoch, Secret(""), digest=digest)
    inputs = inputs_of(one, token, Held(envelope, row), readings_of(context, one, snapshot), context.clock())
    return judge(inputs._replace(token=_without_baselines(token), grants_approved=_grants_approved(one, part)))


def _without_baselines(token: Token) -> Token:
    """What it carries lies in its envelope, and moves only when that is written."""
    kept = (binding for binding in token.bindings if binding.key.kind != CARRIED)
    return token._replace(bindings=tuple(map(_without_baseline, kept)))


def _without_baseline(binding: Binding) -> Binding:
    rules = tuple(rule for rule in binding.rules if not compares_approved(rule))
    return binding._replace(rules=rules, inside=Reaction.IGNORE)


def _grants_approved(one: Loaded, part: Known | None) -> bool:
    """Whether the grants are those of the profile's own seal as the state knows it; none is the seal of none."""
    now = grants_digest(one.profile.grants)
    if part is None or part.removed:
        return now == ""
    sealed = from_text(part.sealed_text)
    if sealed is None:
        return False
    grants = sealed.get("grants")
    if not isinstance(grants, Mapping):
        return now == ""
    return now == grants_digest({role: _texts(scopes) for role, scopes in grants.items()})


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, list | tuple) else ()
