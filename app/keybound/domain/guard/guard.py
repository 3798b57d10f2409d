"""The guard: from a definition, a seal and live readings to a verdict. Pure: time and readings are given."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from keybound.domain.errors import BadInputError
from keybound.domain.guard.expiry_times import expiry_time, graced_since, next_change, soon_before
from keybound.domain.profile.definition import Binding, Token
from keybound.domain.rules.base import Tools
from keybound.domain.rules.registry import holds, literal_of
from keybound.domain.seal.envelope import Envelope
from keybound.domain.values.canonical import keyed_digest
from keybound.domain.values.durations import words
from keybound.domain.values.moments import moment_words
from keybound.domain.values.readings import Found, Read, Unreadable, changed
from keybound.domain.values.scopes import granted
from keybound.domain.verdict.recorded_expiry import expiry_of, shown_now, was_left
from keybound.domain.verdict.states import Reaction, State, state_of
from keybound.domain.verdict.sticky import EXPIRED, GRACE, Sticky, from_pending, stuck
from keybound.domain.verdict.verdict import Finding, Shown, Verdict
from keybound.domain.verdict.wording import rules_words, shown, shown_value

SETTLE_NS = 300_000_000


class GuardInput(NamedTuple):
    """All that a verdict depends on. ``digest``: of the definition as it stands now. ``blocked``: why nothing of it may
    be believed now (an unfinished change, an older copy, an unknown format), with the state that this means.
    ``policy``: the rules of policy.toml that it breaks. ``now`` is floored; ``now_ns`` is the clock that files' ctimes are
    compared with.
    """

    token: Token
    digest: str
    envelope: Envelope | None
    readings: Mapping[str, Read]
    active_roles: tuple[str, ...]
    grants: Mapping[str, tuple[str, ...]] | None
    grants_approved: bool
    roles_read: Read
    now: datetime
    now_ns: int
    tools: Tools
    clock_ahead: bool = False
    blocked: tuple[State, str] | None = None
    pending: str = ""
    policy: tuple[Finding, ...] = ()


def judge(facts: GuardInput) -> Verdict:
    """Return the verdict: the worst finding decides. Records nothing."""
    token, envelope = facts.token, facts.envelope
    if facts.blocked is not None and (envelope is None or facts.blocked[0] is not State.MISSING):
        return _verdict(facts, [_said(*facts.blocked)])
    if envelope is None:
        return Verdict(token.id, State.MISSING, (_said(State.MISSING, _missing_words(token)),))
    seal = list(_seal_findings(facts))
    live: list[Finding] = []
    for binding in token.bindings:
        live += _binding_findings(facts, binding, envelope, sealed=not seal)
    live += _role_findings(facts, sealed=not seal)
    times = _time_findings(facts, envelope)
    return _verdict(facts, [*seal, *_sticky_findings(facts, envelope, live), *live, *times, *facts.policy])


def _missing_words(token: Token) -> str:
    return "missing (inherited): no secret has been added here" if token.inherited else "no secret is stored: add it"


def _said(state: State, message: str) -> Finding:
    reaction = Reaction.WARN if state is State.WARNING else Reaction.SUSPEND
    return Finding("", "", reaction, state, None, None, message)


def _verdict(facts: GuardInput, findings: list[Finding]) -> Verdict:
    ordered = tuple(sorted(findings, key=lambda finding: -finding.state))
    state = max((finding.state for finding in findings), default=State.ACTIVE)
    expiry = _expiry_to_record(facts, ordered)
    waiting = [
        read.changed_ns
        for finding in ordered
        if finding.reaction >= Reaction.REFRESH and finding.state is State.SUSPENDED
        for read in [_read_of(facts, finding.key)]
        if read is not None and read.changed_ns is not None and _restless(facts, read)
    ]
    asked = any(one.reaction is Reaction.REFRESH and one.key for one in ordered)
    due = asked and state is State.SUSPENDED and not waiting
    grace = None if expiry else _grace_to_record(facts, ordered)
    ended = facts.envelope is None or state >= State.UNAPPROVED
    later = None if ended or facts.envelope is None else next_change(facts.token, facts.envelope, facts.now)
    return Verdict(facts.token.id, state, ordered, expiry, max(waiting, default=None), due, grace, later)


def _expiry_to_record(facts: GuardInput, findings: Sequence[Finding]) -> Sticky | None:
    """What is to be made sticky: found while the store was away, else now; None where something is sticky already."""
    sticky = facts.envelope.sticky if facts.envelope else None
    if sticky is not None and sticky.state != GRACE:
        return None
    if facts.pending and facts.blocked is None and facts.envelope:
        return from_pending(facts.pending)
    new = [finding for finding in findings if finding.state is State.EXPIRED and finding.key]
    return expiry_of(new[0]) if new else None


def _grace_to_record(facts: GuardInput, findings: Sequence[Finding]) -> str | None:
    """Why a grace begins now; "" where one that runs is over, because everything with a grace is inside again."""
    if facts.envelope is None or any(one.state >= State.UNAPPROVED for one in findings):
        return None
    begun = graced_since(facts.envelope)
    graced = {binding.key.text for binding in facts.token.bindings if binding.grace}
    out = [one for one in findings if one.key in graced]
    if begun is None:
        return next(
            (one.message for one in out if one.reaction is Reaction.EXPIRE and one.state is State.WARNING), None
        )
    return None if out else ""


def _read_of(facts: GuardInput, key: str) -> Read | None:
    return facts.readings.get(key) or (facts.roles_read if key == "roles.active" else None)


def _seal_findings(facts: GuardInput) -> Iterator[Finding]:
    envelope = facts.envelope
    if envelope is not None and envelope.digest != facts.digest:
        yield _said(State.UNAPPROVED, "its definition differs from the approved one")
    if facts.token.scopes and not facts.grants_approved:
        yield _said(State.UNAPPROVED, "the profile's [roles.grants] differs from the approved one")


def _sticky_findings(facts: GuardInput, envelope: Envelope, live: Sequence[Finding]) -> Iterator[Finding]:
    sticky = stuck(envelope.sticky, facts.pending)
    if sticky is None:
        if envelope.secret is None:
            yield _said(State.EXPIRED, "its secret was erased: refresh it")
    elif sticky.state != EXPIRED:
        yield _said(State.SUSPENDED, sticky.why)
    elif not any(one.key == sticky.key and one.state is State.EXPIRED for one in live):
        yield was_left(sticky, shown_now(facts.readings, sticky.key, facts.active_roles))


def _binding_findings(facts: GuardInput, binding: Binding, envelope: Envelope, *, sealed: bool) -> Iterator[Finding]:
    read = facts.readings.get(binding.key.text, Read(Unreadable("it was not read")))
    reading = read.reading
    if isinstance(reading, Unreadable):
        reaction = min(binding.outside, Reaction.SUSPEND)
        yield _finding(facts, binding, read, reaction, f"{binding.key.text} cannot be read: {reading.why}", sealed)
        return
    unchanged = _unchanged(binding, envelope, read)
    try:
        inside = all(holds(rule, reading, facts.tools, unchanged) for rule in binding.rules)
    except ValueError as error:
        yield _finding(facts, binding, read, Reaction.SUSPEND, f"{binding.key.text}: {error}", sealed)
        return
    now = shown(binding.key.text, reading).text
    if not inside:
        message = f"{binding.key.text} is {now}, bound to {rules_words(binding.rules).removeprefix('= ')}"
        yield _finding(facts, binding, read, binding.outside, message, sealed)
    elif binding.inside is Reaction.WARN and not unchanged:
        message = f"{binding.key.text} is now {now}, inside its boundary"
        yield _finding(facts, binding, read, Reaction.WARN, message, sealed)


def _unchanged(binding: Binding, envelope: Envelope, read: Read) -> bool:
    if not binding.keeps_baseline or binding.key.text not in envelope.approved:
        return False
    try:
        now = keyed_digest(bytes.fromhex(envelope.key), binding.key.text, changed(read.reading))
    except BadInputError:
        return False  # nan equals nothing
    return now == envelope.approved[binding.key.text]


def _finding(
    facts: GuardInput, binding: Binding, read: Read, reaction: Reaction, message: str, sealed: bool
) -> Finding:
    key = binding.key.text
    state = _settled(facts, read, state_of(reaction))
    left = _grace_left(facts, binding)
    if state is State.EXPIRED and left > timedelta(0):
        state, message = State.WARNING, f"{message}; it expires in {words(left.total_seconds())}"
    if not sealed:
        state = min(state, State.UNAPPROVED)  # only what is sealed can expire
    literal = literal_of(binding.rules)
    approved = shown_value(key, literal) if literal is not None else Shown(rules_words(binding.rules))
    keypath = tuple(getattr(step, "name", "") for step in binding.key.path) if binding.key.kind == "profile" else ()
    return Finding(
        key,
        rules_words(binding.rules),
        reaction,
        state,
        approved,
        shown(key, read.reading),
        message,
        read.path,
        keypath,
    )


def _grace_left(facts: GuardInput, binding: Binding) -> timedelta:
    begun = graced_since(facts.envelope) or facts.now
    return begun + timedelta(seconds=binding.grace) - facts.now


def _settled(facts: GuardInput, read: Read, state: State) -> State:
    """An expiry waits until its file has rested; a time in the future counts as rested."""
    return State.SUSPENDED if state is State.EXPIRED and _restless(facts, read) else state


def _restless(facts: GuardInput, read: Read) -> bool:
    return read.changed_ns is not None and 0 <= facts.now_ns - read.changed_ns < SETTLE_NS


def _role_findings(facts: GuardInput, *, sealed: bool) -> Iterator[Finding]:
    token = facts.token
    have = granted(token.scopes, facts.active_roles, facts.grants)
    lost = [scope for scope in token.scopes if scope not in have]
    if not lost:
        return
    state = _settled(facts, facts.roles_read, state_of(token.outside))
    state = state if sealed else min(state, State.UNAPPROVED)
    message = f"no active role grants {', '.join(lost)}"
    now = shown("roles.active", Found(list(facts.active_roles)))
    yield Finding(
        "roles.active",
        f"grants {', '.join(token.scopes)}",
        token.outside,
        state,
        None,
        now,
        message,
        facts.roles_read.path,
        ("roles", "active"),
    )


def _time_findings(facts: GuardInput, envelope: Envelope) -> Iterator[Finding]:
    if envelope.time_fault:
        yield _said(State.SUSPENDED, f"{envelope.time_fault}: keybound refresh {facts.token.id}")
    end = expiry_time(facts.token, envelope)
    start = datetime.fromisoformat(envelope.not_before) if envelope.not_before else None
    if end is None and start is None:
        return
    if facts.clock_ahead:
        yield _said(
            State.SUSPENDED,
            "the clock is over a day behind the last recorded time: keybound approve --accept-clock",
        )
        return
    if start is not None and facts.now < start:
        yield _said(State.SUSPENDED, f"it is not valid until {moment_words(start)}")
    if end is None:
        return
    left = end - facts.now
    if left <= timedelta(0):
        yield _said(State.EXPIRED, f"its lifetime ended on {moment_words(end)}")
    elif left <= soon_before(facts.token):
        yield _said(State.WARNING, f"due in {words(left.total_seconds())}")
