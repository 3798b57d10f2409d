"""Approve: show what differs, and seal the very snapshot that was shown."""

from typing import NamedTuple

from keybound.custody.context.context import Context
from keybound.custody.envelopes.changes import changing
from keybound.custody.envelopes.envelopes import accept_time, needed
from keybound.custody.evaluation.evaluate import Evaluation, Judged, evaluate, settled
from keybound.custody.tokens.edit import requests_if_approved, seal_profile, seal_token
from keybound.custody.tokens.part_approval import part_digest, part_proposal
from keybound.custody.tokens.sealing import matched_seal, sticky_of, still_outside
from keybound.domain.errors import NotFoundError, RefusedError
from keybound.domain.guard.expiry_times import expiry_time
from keybound.domain.seal.requests import Requests, as_values
from keybound.domain.seal.seal import definition_digest, definition_record, differences, from_text
from keybound.domain.values.canonical import digest, encode
from keybound.domain.values.event_kinds import EventKind
from keybound.domain.values.moments import moment_words, stamp
from keybound.domain.values.names import TokenId
from keybound.domain.values.readings import Found
from keybound.domain.verdict.states import Reaction, State


class Proposal(NamedTuple):
    """What approving would accept: lines for a person, the digest of exactly this snapshot, and why it cannot be.

    ``former``: whether what was approved before is known; where it is not, the lines are the whole definition.
    ``notes``: what of its provider's entry cannot be taken now.
    """

    id: str
    lines: tuple[str, ...]
    digest: str
    obstacle: str = ""
    former: bool = True
    notes: tuple[str, ...] = ()


def propose(context: Context, token: TokenId) -> Proposal:
    """What approving one token would accept. Raises NotFoundError, BadInputError."""
    evaluation = settled(context, [token.profile])
    return proposal_of(context, one_of(evaluation, token))


def propose_profile(context: Context, profile: str) -> list[Proposal]:
    """The profile's own part, where it differs, and each token that is not as approved."""
    evaluation = settled(context, [profile])
    if profile in evaluation.faults:
        raise evaluation.faults[profile]
    part = part_proposal(evaluation.loaded[profile].profile, evaluation.seals[profile])
    proposals = [Proposal(profile, part.lines, part.digest)] if part else []
    for one in evaluation.judged:
        if one.held.envelope is not None and not is_fine(context, one):
            proposals.append(proposal_of(context, one, part_sealed=part is not None))
    return proposals


def is_fine(context: Context, one: Judged) -> bool:
    """Whether approving the token would change nothing that matters: it is usable, or comes back by itself."""
    if one.verdict.state.usable and _request_lines(one, requests_if_approved(context, one).requests):
        return False
    baseline = any(finding.reaction is Reaction.WARN and finding.key for finding in one.verdict.findings)
    return one.verdict.state in (State.ACTIVE, State.WARNING, State.SUSPENDED) and not baseline


def approve(context: Context, token: TokenId, expected: str = "") -> str:
    """Seal the token as it was shown; return what still withholds it because of its time, "" for nothing.

    Raises RefusedError where a binding that expires is still outside, the profile's part is not approved, or the snapshot is
    no longer ``expected``; then nothing is changed.
    """
    with changing(context):
        evaluation = evaluate(context, [token.profile])
        one = one_of(evaluation, token)
        proposal = proposal_of(context, one)
        if expected and proposal.digest != expected:
            raise RefusedError(f"{token} has changed since it was shown", hint="Nothing was approved. Review it again.")
        if proposal.obstacle:
            raise RefusedError(proposal.obstacle, hint="" if time_over(one) else _ways_out(token))
        seal_token(context, one, EventKind.APPROVED)
        return time_over(one)


def approve_part(context: Context, profile: str, expected: str = "") -> None:
    """Seal a profile's own ``[env]`` and grants as they stand. Raises RefusedError where they are no longer ``expected``."""
    with changing(context):
        evaluation = evaluate(context, [profile])
        if profile in evaluation.faults:
            raise evaluation.faults[profile]
        loaded = evaluation.loaded[profile].profile
        if expected and part_digest(loaded) != expected:
            raise RefusedError(
                f"{profile} has changed since it was shown", hint="Nothing was approved. Review it again."
            )
        seal_profile(context, loaded, evaluation.seals[profile])


def accept_clock(context: Context) -> None:
    """Take the clock as it is: later recorded times no longer hold it back. Journaled."""
    from keybound.custody.context.caller import who
    from keybound.stores.generation import touch
    from keybound.stores.journal.journal import Draft

    with changing(context):
        now = context.clock()
        anchor = context.journal.append([Draft(EventKind.ACCEPT_CLOCK, "", who("keybound"), {})], now)
        accept_time(context, stamp(now), anchor.length)
        touch(context.home.generation)


def _ways_out(token: TokenId) -> str:
    return f"Put the value back, or widen the boundary: keybound bind {token} KEY RULE=VALUE"


def one_of(evaluation: Evaluation, token: TokenId) -> Judged:
    """The token of an evaluation that is to be approved. Raises NotFoundError, RefusedError where it has no secret."""
    if token.profile in evaluation.faults:
        raise evaluation.faults[token.profile]
    for one in evaluation.judged:
        if one.id == token:
            needed(one.held, token, "to approve")
            return one
    raise NotFoundError(f"no such token: {token}")


def proposal_of(context: Context, one: Judged, *, part_sealed: bool = False) -> Proposal:
    """What approving a judged token would accept. ``part_sealed``: its profile's own part is approved in the same act."""
    inputs, loaded = one.inputs, one.loaded
    if inputs is None or loaded is None:
        return Proposal(str(one.id), (), "", one.verdict.why)
    record = definition_record(inputs.token, loaded.profile)
    known = one.held.known
    sealed = from_text(known.sealed_text) if known and known.sealed_text else None
    envelope = one.held.envelope
    if sealed is not None and envelope is not None and definition_digest(sealed) != envelope.digest:
        sealed = None  # the kept text is not what was sealed: show the whole definition
    unknown = {name: value for name, value in record.items() if name != "id"}  # the heading says which token it is
    taken = requests_if_approved(context, one)
    requests = _request_lines(one, taken.requests)
    lines = [*differences(sealed, record if sealed is not None else unknown), *requests]
    readings = {
        name: encode(read.reading.value).hex() if isinstance(read.reading, Found) else type(read.reading).__name__
        for name, read in inputs.readings.items()
    }
    return Proposal(
        str(one.id),
        tuple(lines),
        digest("snapshot", {"record": record, "readings": readings, **({"requests": requests} if requests else {})}),
        _obstacle(one, part_sealed),
        sealed is not None,
        taken.notes,
    )


def _request_lines(one: Judged, after: Requests) -> list[str]:
    """What its provider's entry says otherwise than the requests that were approved."""
    before = one.held.envelope.requests if one.held.envelope else {}
    return differences({"requests": as_values(before)}, {"requests": as_values(after)})


def _obstacle(one: Judged, part_sealed: bool) -> str:
    inputs = one.inputs
    if inputs is not None and inputs.token.scopes and not inputs.grants_approved and not part_sealed:
        return f"[roles.grants] of its profile is not approved: keybound approve {one.id.profile}"
    if one.held.envelope is not None and one.held.envelope.secret is None:
        return f"the secret of {one.id} was erased: keybound refresh {one.id}"
    if outside := still_outside(one):
        return f"{one.id} is still outside: {outside[0].message}"
    sticky = sticky_of(one.held, "") is not None
    return time_over(one) if matched_seal(one) and not sticky else ""  # else there is something to approve


def time_over(one: Judged) -> str:
    """Says that the token's time has run out, which no approval mends, and what does; "" where it has not."""
    inputs = one.inputs
    end = expiry_time(inputs.token, inputs.envelope) if inputs and inputs.envelope else None
    if inputs is None or end is None or end > inputs.now:
        return ""
    fixed = inputs.token.expires is not None and inputs.token.expires <= inputs.now
    help_ = f"set {one.id} expires WHEN" if fixed else f"refresh {one.id}"
    return f"its lifetime ended on {moment_words(end)}, which approving does not change: keybound {help_}"
