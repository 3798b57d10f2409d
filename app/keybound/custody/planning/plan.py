"""What a change would do: the same evaluation twice, before and after, with nothing written."""

import re
from collections.abc import Mapping

from keybound.custody.context.context import Context
from keybound.custody.evaluation.describe import key_place
from keybound.custody.evaluation.evaluate import Evaluation, Judged, evaluate
from keybound.custody.evaluation.scope_changes import permitted
from keybound.custody.planning.check import check
from keybound.custody.profiles.library import Library
from keybound.custody.tokens.edit import family
from keybound.custody.tokens.sealing import matched_seal, profile_part_changed
from keybound.custody.view_models.plans import PlanRow, PlanView
from keybound.domain.errors import BadInputError
from keybound.domain.guard.guard import judge
from keybound.domain.verdict.states import State
from keybound.domain.verdict.verdict import Verdict
from keybound.sources.files.snapshot import Snapshot


def plan_text(
    context: Context,
    name: str,
    text: str,
    stand_ins: Mapping[str, str] | None = None,
    environ: Mapping[str, str | None] | None = None,
) -> PlanView:
    """Say what saving ``text`` as the profile would do to it and its descendants. Raises UnavailableError.

    ``stand_ins``: path → an edited copy that would take its place; ``environ``: what the caller's variables would be, None
    for not set.
    """
    library = Library(context.home, {name: text})
    try:
        library.load(name)
    except BadInputError as fault:
        return PlanView((), (), *_fault(fault, context.home.profile_path(name)), ())
    names, there = family(library, name), Library(context.home).names()
    before = evaluate(context, [one for one in names if one in there])
    supposed = context.supposing(environ) if environ else context
    after = evaluate(supposed, names, library, Snapshot(stand_ins))
    old = {one.id: one for one in before.judged}
    path = context.home.profile_path(name)
    rows = [_row(old.get(one.id), one, path) for one in after.judged]
    changing = tuple(row for row in rows if _changes(row))
    stays = tuple(row for row in rows if row.back and not _changes(row))
    unchanged = tuple((row.id, row.after) for row in rows if not _changes(row) and not row.back)
    expected = sum(len(one.then) for one in after.loaded[name].profile.expectations)
    problems = tuple(f"{one.rule}: {one.what}" for one in check(library, [name], after.now))
    return PlanView(changing, unchanged, "", 0, _parts(after, name), stays, expected, problems)


def _fault(fault: BadInputError, path: str) -> tuple[str, int]:
    """What is wrong with a text, with the key; and its line there, 0 where that is not known or in another file."""
    if not fault.where.startswith(path):
        return f"{fault.where}: {fault.what}", 0
    place, _, key = fault.where[len(path) :].partition(": ")
    line = re.match(r":(\d+)", place)
    return f"{key}: {fault.what}" if key else fault.what, int(line.group(1)) if line else 0


def _changes(row: PlanRow) -> bool:
    return row.before is not row.after or bool(row.gained or row.lost) or row.needs_approval


def _row(before: Judged | None, after: Judged, path: str) -> PlanRow:
    verdict = _as_saved(before, after)
    had, have = (permitted(before) if before else frozenset()), permitted(after)
    needs_approval = before is not None and matched_seal(before) and not matched_seal(after)
    here = [_line(after, finding.keypath, path) for finding in verdict.findings]
    here += [_line(after, ("tokens", after.id.name), path)] if needs_approval else []
    here += [_line(after, ("roles", "active"), path)] if had != have else []
    return PlanRow(
        id=str(after.id),
        before=before.verdict.state if before else State.MISSING,
        after=verdict.state,
        gained=tuple(sorted(have - had)),
        lost=tuple(sorted(had - have)),
        findings=verdict.findings,
        lines=tuple(here),
        needs_approval=needs_approval,
        back=_back(before, after, path) if before else (),
    )


def _line(after: Judged, keypath: tuple[str, ...], path: str) -> int:
    """The line of the proposed text where a key stands; 0 where it stands in another file."""
    where, line = key_place(after.loaded, keypath) if keypath else ("", 0)
    return line if where == path else 0


def _back(before: Judged, after: Judged, path: str) -> tuple[tuple[str, int], ...]:
    """Keys that were outside and no longer are."""
    still = {finding.key for finding in after.verdict.findings}
    gone = {finding.key: finding for finding in before.verdict.findings if finding.key and finding.key not in still}
    return tuple((key, _line(after, finding.keypath, path)) for key, finding in gone.items())


def _as_saved(before: Judged | None, after: Judged) -> Verdict:
    """Saving seals what matched its seal, so judge it as if its definition were approved already."""
    inputs = after.inputs
    if before is None or inputs is None or inputs.envelope is None or not matched_seal(before):
        return after.verdict
    sealed = inputs._replace(envelope=inputs.envelope._replace(digest=inputs.digest), now_ns=inputs.now_ns + 10**9)
    if before.inputs is not None and before.inputs.grants_approved:
        sealed = sealed._replace(grants_approved=True)
    return judge(sealed)


def _parts(after: Evaluation, name: str) -> tuple[str, ...]:
    return profile_part_changed(after.loaded[name].profile, after.seals[name])
