"""Judge tokens on live readings: the one evaluation that every use case shares."""

import os
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple, TypeAlias

from keybound.custody.context.context import AHEAD, Context
from keybound.custody.context.exported import own_environment
from keybound.custody.envelopes.envelopes import Held, fetch, profile_item, token_item
from keybound.custody.envelopes.unfinished import unfinished_ids
from keybound.custody.evaluation.rule_tools import TOOLS
from keybound.custody.profiles.library import Library, Loaded
from keybound.custody.profiles.policy_acts import policy_findings
from keybound.domain.errors import BadInputError, NotFoundError
from keybound.domain.guard.guard import GuardInput, judge
from keybound.domain.profile.definition import Profile, Token
from keybound.domain.seal.carried import carried_readings
from keybound.domain.seal.seal import definition_digest, definition_record, env_digest, grants_digest
from keybound.domain.values.keys import CARRIED
from keybound.domain.values.names import TokenId
from keybound.domain.values.readings import Found, Read
from keybound.domain.verdict.recorded_expiry import was_left
from keybound.domain.verdict.states import Reaction, State
from keybound.domain.verdict.sticky import EXPIRED, stuck
from keybound.domain.verdict.verdict import Finding, Verdict
from keybound.sources.files.snapshot import Snapshot
from keybound.sources.reader import read_keys
from keybound.stores.base import Item

SETTLE_WAIT = 1.0
RESTING_SECONDS = 0.3
_AT_LEAST = 0.1  # seconds: a moment that has just come
_POLL = 0.05
_WAITING = (
    State.SUSPENDED,
    "an interrupted change to it can be neither completed nor undone now: keybound status",
)


class Judged(NamedTuple):
    """A token with its verdict and what it was judged on. ``facts`` and ``loaded`` are None where the profile is broken."""

    id: TokenId
    verdict: Verdict
    held: Held
    inputs: GuardInput | None = None
    loaded: Loaded | None = None

    @property
    def token(self) -> Token | None:
        """The definition, where it can be read."""
        return self.inputs.token if self.inputs else None


class Evaluation(NamedTuple):
    """One look at several profiles. ``seals``: the profiles' own seals; ``faults``: profiles that cannot be read.

    ``notes``: what its owner should hear whatever the states are.
    """

    judged: tuple[Judged, ...]
    loaded: Mapping[str, Loaded]
    seals: Mapping[str, Held]
    faults: Mapping[str, BadInputError]
    snapshot: Snapshot
    now: datetime
    notes: tuple[str, ...] = ()

    def env_approved(self, profile: Profile) -> bool:
        """Whether the effective ``[env]`` is the approved one."""
        return _sealed_part(self.seals.get(profile.name), "env_digest") == env_digest(profile.env)


class EvaluationContext(NamedTuple):
    """What every token of one look is judged in. ``now`` is floored; ``ahead``: the floor lies over a day before the clock."""

    held: Mapping[Item, Held]
    now: datetime
    ahead: bool
    unfinished: frozenset[str]
    made_as: str = ""  # the home that this state belongs to, where it is another one

    def of(self, token: TokenId) -> Held:
        """What store and state hold of a token; an unfinished change blocks it."""
        held = self.held[token_item(token)]
        if self.made_as and held.envelope is None and held.blocked is None:
            return held._replace(blocked=(State.MISSING, _elsewhere(self.made_as)))
        if str(token) in self.unfinished or token.profile in self.unfinished:
            return held._replace(blocked=_WAITING)
        return held

    def grants_approved(self, profile: Profile) -> bool:
        """Whether the effective grants are the approved ones."""
        return _sealed_part(self.held[profile_item(profile.name)], "grants_digest") == grants_digest(profile.grants)


def _elsewhere(made_as: str) -> str:
    return f"no secret is stored here; this state belongs to the home {made_as}: keybound adopt --from {made_as}"


def judge_tokens(
    context: Context,
    one: Loaded,
    snapshot: Snapshot,
    around: EvaluationContext,
    tokens: Collection[Token] | None = None,
) -> list[Judged]:
    """Judge tokens of a profile (None: all) on live readings."""
    tokens = one.profile.tokens.values() if tokens is None else tokens
    readings = readings_of(context, one, snapshot, tokens)
    approved = around.grants_approved(one.profile)
    judged = []
    for token in tokens:
        held = around.of(token.id)
        carried = carried_readings(token, held.envelope)
        own = {**readings, **carried} if carried else readings  # one table for all: each would hold the whole profile's
        inputs = inputs_of(one, token, held, own, around.now)
        inputs = inputs._replace(clock_ahead=around.ahead, grants_approved=approved)
        judged.append(Judged(token.id, judge(inputs), around.held[token_item(token.id)], inputs, one))
    return judged


def evaluate(
    context: Context,
    names: Iterable[str],
    library: Library | None = None,
    snapshot: Snapshot | None = None,
    judging: Callable[[Context, Loaded, Snapshot, EvaluationContext], list[Judged]] = judge_tokens,
) -> Evaluation:
    """Judge every token of the named profiles, now. Records nothing. Raises StoreLockedError, StoreAwayError, NotFoundError.

    ``library`` and ``snapshot`` may hold proposed profiles and files, for a plan; ``judging``: see :mod:`evaluation_cache`.
    """
    library, snapshot = library or Library(context.home), snapshot or Snapshot()
    loaded: dict[str, Loaded] = {}
    faults: dict[str, BadInputError] = {}
    for name in names:
        try:
            loaded[name] = library.load(name)
        except BadInputError as fault:
            faults[name] = fault
    ids = [token.id for one in loaded.values() for token in one.profile.tokens.values()]
    lost = _known_of(context, faults)
    held = fetch(context, [token_item(one) for one in [*ids, *lost]] + [profile_item(name) for name in loaded])
    floor, clock = _floor(context, held.values()), context.clock()
    now = max(clock, floor or clock)
    around = EvaluationContext(held, now, now - clock > AHEAD, unfinished_ids(context.home), context.home.made_as)
    judged = [token for one in loaded.values() for token in judging(context, one, snapshot, around)]
    judged += [broken(token, held[token_item(token)], faults[token.profile]) for token in lost]
    seals = {name: held[profile_item(name)] for name in loaded}
    return Evaluation(tuple(judged), loaded, seals, faults, snapshot, now)


Evaluating: TypeAlias = Callable[[Context, Iterable[str]], Evaluation]


def definition_moved(evaluation: Evaluation) -> bool:
    """Whether a profile's file is no longer the one that was read: the store may have taken seconds to answer."""
    pages = {page.path: page.changed_ns for one in evaluation.loaded.values() for page in one.pages}
    return any(changed_ns is not None and _ctime(path) != changed_ns for path, changed_ns in pages.items())


def _ctime(path: str) -> int | None:
    try:
        return os.stat(path).st_ctime_ns
    except OSError:
        return None


def settled(context: Context, names: Iterable[str], evaluating: Evaluating = evaluate) -> Evaluation:
    """Evaluate, and where a file has not rested yet wait (1 s at most) and look again."""
    names = list(names)
    until = time.monotonic() + SETTLE_WAIT
    while True:
        evaluation = evaluating(context, names)
        waiting = any(one.verdict.unsettled_ns is not None for one in evaluation.judged)
        if not waiting or time.monotonic() >= until:
            return evaluation
        time.sleep(_POLL)


def seconds_left(judged: Iterable[Judged], most: float) -> float:
    """Seconds until verdicts may be others though nothing moves: a file has rested, or a moment has come; at most ``most``."""
    verdicts = [one.verdict for one in judged]
    if any(one.unsettled_ns is not None for one in verdicts):
        return RESTING_SECONDS
    moments = [one.changes_at.timestamp() - time.time() for one in verdicts if one.changes_at]
    return max(_AT_LEAST, min([most, *moments]))


def _known_of(context: Context, faults: Mapping[str, BadInputError]) -> list[TokenId]:
    if not faults:
        return []
    known = [one for one in context.state.known().values() if "/" in one.id and not one.removed]
    ids = [TokenId(*one.id.split("/", 1)) for one in known]
    return [one for one in ids if one.profile in faults]


def broken(token: TokenId, held: Held, fault: BadInputError) -> Judged:
    """A known token whose profile cannot be read: suspended, or expired as it was."""
    message = f"its profile cannot be read: {fault.where}: {fault.what}"
    finding = Finding("", "", Reaction.SUSPEND, State.SUSPENDED, None, None, message)
    sticky = stuck(held.envelope.sticky if held.envelope else None, held.known.pending if held.known else "")
    if sticky is not None and sticky.state == EXPIRED:
        return Judged(token, Verdict(token, State.EXPIRED, (was_left(sticky, None), finding)), held)
    return Judged(token, Verdict(token, State.SUSPENDED, (finding,)), held)


def _floor(context: Context, held: Iterable[Held]) -> datetime | None:
    floor = context.floor()
    stamps = [floor] if floor else []
    for one in held:
        if one.envelope is not None:
            texts = (one.envelope.sealed_at, one.envelope.refreshed_at)
            stamps += [datetime.fromisoformat(text) for text in texts if text]
    return max(stamps, default=None)


def readings_of(
    context: Context, one: Loaded, snapshot: Snapshot, tokens: Collection[Token] | None = None
) -> dict[str, Read]:
    """Read every key that tokens of the profile (None: all) are bound to, now, but for what each carries itself."""
    profile = one.profile
    tokens = profile.tokens.values() if tokens is None else tokens
    keys = {binding.key for token in tokens for binding in token.bindings if binding.key.kind != CARRIED}
    caller = context.caller._replace(environ={**own_environment(context.environ), **profile.env})
    found = read_keys(
        keys,
        profile_data=profile.data,
        profile_path=profile.path,
        profile_changed_ns=one.changed_ns,
        files=profile.files,
        formats=profile.formats,
        caller=caller,
        snapshot=snapshot,
    )
    return {key.text: read for key, read in found.items()}


def _sealed_part(seal: Held | None, field: str) -> str:
    if seal is None or seal.envelope is None:
        return ""
    return str(getattr(seal.envelope, field)) if seal.blocked is None else "not to be believed"


def inputs_of(one: Loaded, token: Token, held: Held, readings: Mapping[str, Read], now: datetime) -> GuardInput:
    """The facts of one token; its profile's grants count as not approved until the caller knows better."""
    profile = one.profile
    return GuardInput(
        token=token,
        digest=definition_digest(definition_record(token, profile)),
        envelope=held.envelope,
        readings=readings,
        active_roles=profile.active_roles,
        grants=profile.grants,
        grants_approved=False,
        roles_read=Read(Found(list(profile.active_roles)), profile.path, one.changed_ns),
        now=now,
        now_ns=time.time_ns(),
        tools=TOOLS,
        blocked=held.blocked,
        pending=held.known.pending if held.known else "",
        policy=(*policy_findings(one, token, now), *_minting(one, token, held, readings)),
    )


def _minting(one: Loaded, token: Token, held: Held, readings: Mapping[str, Read]) -> Iterable[Finding]:
    if token.mint is None and not (held.envelope and held.envelope.signs):
        return ()
    from keybound.custody.minting.findings import minting_findings

    return minting_findings(one.profile, token, held.envelope, readings)


def find(context: Context, token: TokenId) -> Judged:
    """Evaluate one profile and return one of its tokens. Raises NotFoundError, BadInputError for a broken profile."""
    return _pick(context, settled(context, [token.profile]), token)


def find_locked(context: Context, token: TokenId) -> Judged:
    """Like :func:`find`, for a caller that holds the exclusive lock: it does not wait for a file to rest."""
    return _pick(context, evaluate(context, [token.profile]), token)


def _pick(context: Context, evaluation: Evaluation, token: TokenId) -> Judged:
    for one in evaluation.judged:
        if one.id == token:
            return one
    if token.profile in evaluation.faults:
        raise evaluation.faults[token.profile]
    raise no_such_token(context, token)


def no_such_token(context: Context, token: TokenId) -> NotFoundError:
    """What is said of a token that no profile defines: it may have a secret all the same."""
    known = context.state.known([str(token)]).get(str(token))
    if known is not None and not known.removed:
        hint = f"Its secret is still stored. Restore its definition: keybound adopt {token}"
        return NotFoundError(f"{token} no longer has a definition", hint=hint)
    return NotFoundError(f"no such token: {token}", hint=f"Add it: keybound add {token}")
