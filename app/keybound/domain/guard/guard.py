"""The guard: from a definition, a seal and live readings to a verdict. Pure: time and readings are given."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from keybound.domain.errors import BadInputError
from keybound.domain.guard.expiry_times import expiry_time, graced_since, next_change, soon_before
from keybound.domain.profile.definition import Binding, Token
from keybound.domain.rules.base import Tools
from keybound.domain.rules.registry import holds, literal_of
from keybound.domain.seal.carried import carried_scopes
from keybound.domain.seal.envelope import Envelope
from keybound.domain.text.sanitize import clean
from keybound.domain.values.canonical import keyed_digest
from keybound.domain.values.durations import words
from keybound.domain.values.moments import moment_words
from keybound.domain.values.readings import Found, Read, Unreadable, changed
from keybound.domain.values.scopes import granted
from keybound.domain.verdict.recorded_expiry import expiry_of, shown_now, was_left
from keybound.domain.verdict.states import Reaction, State, state_of
from keybound.domain.verdict.sticky import EXPIRED, GRACE, Sticky, from_pending, stuck
from keybound.domain.verdict.verdict import Finding, Shown, Verdict
from keybound.domain.verdict.wording import in_sentence, rules_words, set_by_words, shown, shown_value

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


def judge(inputs: GuardInput) -> Verdict:
    """Return the verdict: the worst finding decides. Records nothing."""
    token, envelope = inputs.token, inputs.envelope
    if inputs.blocked is not None and (envelope is None or inputs.blocked[0] is not State.MISSING):
        return _verdict(inputs, [_said(*inputs.blocked)])
    if envelope is None:
        return Verdict(token.id, State.MISSING, (_said(State.MISSING, _missing_words(token)),))
    seal = list(_seal_findings(inputs))
    live: list[Finding] = []
    for binding in token.bindings:
        live += _binding_findings(inputs, binding, envelope, sealed=not seal)
    live += _role_findings(inputs, sealed=not seal)
    live += _scope_findings(token, envelope)
    times = _time_findings(inputs, envelope)
    return _verdict(inputs, [*seal, *_sticky_findings(inputs, envelope, live), *live, *times, *inputs.policy])


def _missing_words(token: Token) -> str:
    if token.inherited:
        return "missing (inherited): no secret has been added here"
    return f"no secret is stored: {'log in' if token.oauth else 'add it'}"


def _said(state: State, message: str) -> Finding:
    reaction = Reaction.WARN if state is State.WARNING else Reaction.SUSPEND
    return Finding("", "", reaction, state, None, None, message)


def _verdict(inputs: GuardInput, findings: list[Finding]) -> Verdict:
    ordered = tuple(sorted(findings, key=lambda finding: -finding.state))
    state = max((finding.state for finding in findings), default=State.ACTIVE)
    expiry = _expiry_to_record(inputs, ordered)
    waiting = [
        read.changed_ns
        for finding in ordered
        if finding.reaction >= Reaction.REFRESH and finding.state is State.SUSPENDED
        for read in [_read_of(inputs, finding.key)]
        if read is not None and read.changed_ns is not None and _restless(inputs, read)
    ]
    asked = any(one.reaction is Reaction.REFRESH and one.key for one in ordered)
    due = asked and state is State.SUSPENDED and not waiting
    grace = None if expiry else _grace_to_record(inputs, ordered)
    ended = inputs.envelope is None or state >= State.UNAPPROVED
    later = None if ended or inputs.envelope is None else next_change(inputs.token, inputs.envelope, inputs.now)
    return Verdict(inputs.token.id, state, ordered, expiry, max(waiting, default=None), due, grace, later)


def _expiry_to_record(inputs: GuardInput, findings: Sequence[Finding]) -> Sticky | None:
    """What is to be made sticky: found while the store was away, else now; None where something is sticky already."""
    sticky = inputs.envelope.sticky if inputs.envelope else None
    if sticky is not None and sticky.state != GRACE:
        return None
    if inputs.pending and inputs.blocked is None and inputs.envelope:
        return from_pending(inputs.pending)
    new = [finding for finding in findings if finding.state is State.EXPIRED and finding.key]
    return expiry_of(new[0]) if new else None


def _grace_to_record(inputs: GuardInput, findings: Sequence[Finding]) -> str | None:
    """Why a grace begins now; "" where one that runs is over, because everything with a grace is inside again."""
    if inputs.envelope is None or any(one.state >= State.UNAPPROVED for one in findings):
        return None
    begun = graced_since(inputs.envelope)
    graced = {binding.key.text for binding in inputs.token.bindings if binding.grace}
    out = [one for one in findings if one.key in graced]
    if begun is None:
        return next(
            (one.message for one in out if one.reaction is Reaction.EXPIRE and one.state is State.WARNING), None
        )
    return None if out else ""


def _read_of(inputs: GuardInput, key: str) -> Read | None:
    return inputs.readings.get(key) or (inputs.roles_read if key == "roles.active" else None)


def _seal_findings(inputs: GuardInput) -> Iterator[Finding]:
    envelope = inputs.envelope
    if envelope is not None and envelope.digest != inputs.digest:
        yield _said(State.UNAPPROVED, "its definition differs from the approved one")
    if inputs.token.scopes and not inputs.grants_approved:
        yield _said(State.UNAPPROVED, "the profile's [roles.grants] differs from the approved one")


def _sticky_findings(inputs: GuardInput, envelope: Envelope, live: Sequence[Finding]) -> Iterator[Finding]:
    sticky = stuck(envelope.sticky, inputs.pending)
    if sticky is None:
        if envelope.secret is None:
            yield _said(State.EXPIRED, "its secret was erased: refresh it")
    elif sticky.state != EXPIRED:
        yield _said(State.SUSPENDED, sticky.why)
    elif not any(one.key == sticky.key and one.state is State.EXPIRED for one in live):
        yield was_left(sticky, shown_now(inputs.readings, sticky.key, inputs.active_roles))


def _binding_findings(inputs: GuardInput, binding: Binding, envelope: Envelope, *, sealed: bool) -> Iterator[Finding]:
    read = inputs.readings.get(binding.key.text, Read(Unreadable("it was not read")))
    reading = read.reading
    if isinstance(reading, Unreadable):
        reaction = min(binding.outside, Reaction.SUSPEND)
        yield _finding(inputs, binding, read, reaction, f"{binding.key.text} cannot be read: {reading.why}", sealed)
        return
    unchanged = _unchanged(binding, envelope, read)
    try:
        inside = all(holds(rule, reading, inputs.tools, unchanged) for rule in binding.rules)
    except ValueError as error:
        yield _finding(inputs, binding, read, Reaction.SUSPEND, f"{binding.key.text}: {error}", sealed)
        return
    now = shown(binding.key.text, reading).text
    if not inside:
        bound = in_sentence(rules_words(binding.rules))
        message = f"{binding.key.text} is {now}{_set_by(read)}, bound to {bound}"
        yield _finding(inputs, binding, read, binding.outside, message, sealed)
    elif binding.inside is Reaction.WARN and not unchanged:
        message = f"{binding.key.text} is now {now}{_set_by(read)}, inside its boundary"
        yield _finding(inputs, binding, read, Reaction.WARN, message, sealed)


def _set_by(read: Read) -> str:
    words = set_by_words(read.origin) if read.origin else ""
    return f", {words}" if words else ""


def _unchanged(binding: Binding, envelope: Envelope, read: Read) -> bool:
    if not binding.keeps_baseline or binding.key.text not in envelope.approved:
        return False
    try:
        now = keyed_digest(bytes.fromhex(envelope.key), binding.key.text, changed(read.reading))
    except BadInputError:
        return False  # nan equals nothing
    return now == envelope.approved[binding.key.text]


def _finding(
    inputs: GuardInput, binding: Binding, read: Read, reaction: Reaction, message: str, sealed: bool
) -> Finding:
    key = binding.key.text
    state = _settled(inputs, read, state_of(reaction))
    left = _grace_left(inputs, binding)
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
        line=read.origin.line if read.origin else 0,
    )


def _grace_left(inputs: GuardInput, binding: Binding) -> timedelta:
    begun = graced_since(inputs.envelope) or inputs.now
    return begun + timedelta(seconds=binding.grace) - inputs.now


def _settled(inputs: GuardInput, read: Read, state: State) -> State:
    """An expiry waits until its file has rested; a time in the future counts as rested."""
    return State.SUSPENDED if state is State.EXPIRED and _restless(inputs, read) else state


def _restless(inputs: GuardInput, read: Read) -> bool:
    return read.changed_ns is not None and 0 <= inputs.now_ns - read.changed_ns < SETTLE_NS


def _role_findings(inputs: GuardInput, *, sealed: bool) -> Iterator[Finding]:
    token = inputs.token
    have = granted(token.scopes, inputs.active_roles, inputs.grants)
    lost = [scope for scope in token.scopes if scope not in have]
    if not lost:
        return
    state = _settled(inputs, inputs.roles_read, state_of(token.outside))
    state = state if sealed else min(state, State.UNAPPROVED)
    message = f"no active role grants {', '.join(lost)}"
    now = shown("roles.active", Found(list(inputs.active_roles)))
    yield Finding(
        "roles.active",
        f"grants {', '.join(token.scopes)}",
        token.outside,
        state,
        None,
        now,
        message,
        inputs.roles_read.path,
        ("roles", "active"),
    )


def _scope_findings(token: Token, envelope: Envelope) -> Iterator[Finding]:
    """Declared scopes against those that it carries: a word of warning, whatever it is bound to."""
    carried = carried_scopes(token, envelope) if token.scopes else None
    if carried is None:
        return
    if more := [scope for scope in carried if scope not in token.scopes]:
        yield _said(State.WARNING, f"it carries more than its declared scopes: {', '.join(map(clean, more))}")
    if fewer := [scope for scope in token.scopes if scope not in carried]:
        yield _said(State.WARNING, f"it does not carry all of its declared scopes: no {', '.join(fewer)}")


def _time_findings(inputs: GuardInput, envelope: Envelope) -> Iterator[Finding]:
    if envelope.time_fault:
        yield _said(State.SUSPENDED, f"{envelope.time_fault}: keybound refresh {inputs.token.id}")
    end = expiry_time(inputs.token, envelope)
    start = datetime.fromisoformat(envelope.not_before) if envelope.not_before else None
    if end is None and start is None:
        return
    if inputs.clock_ahead:
        yield _said(
            State.SUSPENDED,
            "the clock is over a day behind the last recorded time: keybound approve --accept-clock",
        )
        return
    if start is not None and inputs.now < start:
        yield _said(State.SUSPENDED, f"it is not valid until {moment_words(start)}")
    if end is None:
        return
    left = end - inputs.now
    if left <= timedelta(0):
        yield _said(State.EXPIRED, f"its lifetime ended on {moment_words(end)}")
    elif left <= soon_before(inputs.token, envelope):
        yield _said(State.WARNING, f"due in {words(left.total_seconds())}")
