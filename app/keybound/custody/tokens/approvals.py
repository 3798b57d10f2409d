"""What the application's one question shows before several tokens, or a profile's own part, are approved."""

from collections.abc import Sequence

from keybound.custody.context.context import Context
from keybound.custody.evaluation.describe import bound_rows
from keybound.custody.evaluation.evaluate import Evaluation, Judged, settled
from keybound.custody.tokens.approve import is_fine, one_of, proposal_of
from keybound.custody.tokens.part_approval import part_proposal
from keybound.custody.tokens.sealing import if_approved
from keybound.custody.view_models.plans import ApprovalView
from keybound.domain.errors import KeyboundError
from keybound.domain.text.sanitize import clean
from keybound.domain.values.names import parse_token_id


def approvals(context: Context, ids: Sequence[str]) -> list[ApprovalView]:
    """What approving would accept, one look for all: of a profile's name its own part, and each token that needs it.

    What cannot be approved is said in its place. Raises UnavailableError, NotFoundError for a profile that is gone.
    """
    evaluation = settled(context, dict.fromkeys(each.partition("/")[0] for each in ids))
    parts = [view for each in ids if "/" not in each for view in _of_profile(context, evaluation, each)]
    found = {view.id: view for view in parts}
    for each in ids:
        if "/" in each:
            token = parse_token_id(each)
            try:
                found[each] = _of_token(context, one_of(evaluation, token), part_sealed=token.profile in found)
            except KeyboundError as fault:
                found[each] = _refused(each, fault)
    return list(found.values())


def _of_profile(context: Context, evaluation: Evaluation, profile: str) -> list[ApprovalView]:
    if profile in evaluation.faults:
        return [_refused(profile, evaluation.faults[profile])]
    part = part_proposal(evaluation.loaded[profile].profile, evaluation.seals[profile])
    made = []
    if part:
        lines = tuple(map(clean, part.lines))
        made.append(ApprovalView(profile, None, None, "", lines, (), part.digest, "", part.parts))
    for one in evaluation.judged:
        if one.id.profile == profile and one.held.envelope is not None and not is_fine(context, one):
            made.append(_of_token(context, one, part_sealed=part is not None))
    return made


def _refused(name: str, fault: KeyboundError) -> ApprovalView:
    return ApprovalView(name, None, None, "", (), (), "", clean(f"{fault.where}: {fault.what}".removeprefix(": ")))


def _of_token(context: Context, one: Judged, *, part_sealed: bool) -> ApprovalView:
    """``part_sealed``: the same answer approves its profile's own part."""
    proposal, verdict = proposal_of(context, one, part_sealed=part_sealed), if_approved(one, part_sealed=part_sealed)
    before = one.verdict.state
    return ApprovalView(
        id=str(one.id),
        before=before,
        after=before if proposal.obstacle or verdict is None else verdict.state,
        why=clean(one.verdict.why),
        lines=tuple(map(clean, proposal.lines)),
        readings=bound_rows(one),
        digest=proposal.digest,
        obstacle=clean(proposal.obstacle),
        former=proposal.former,
        findings=tuple(each._replace(message=clean(each.message)) for each in one.verdict.findings),
    )
