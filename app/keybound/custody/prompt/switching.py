"""Switching a shell's profile from the application."""

from typing import NamedTuple

from keybound.custody.context.context import Context
from keybound.custody.evaluation.evaluate import Evaluation, Judged, evaluate
from keybound.custody.evaluation.scope_changes import permitted
from keybound.custody.profiles.choose_profile import chosen_name, profile_in_use
from keybound.custody.profiles.library import Library
from keybound.custody.view_models.plans import SwitchView
from keybound.domain.verdict.states import State
from keybound.domain.verdict.verdict import Finding
from keybound.stores.atomic import write_atomic


def switch_shell(context: Context, target: str) -> None:
    """Leave the profile's name where the hooked shell looks when the application ends. Raises NotFoundError, BadInputError."""
    Library(context.home).load(target)
    write_atomic(context.environ["KEYBOUND_SWITCH_FILE"], f"{target}\n".encode())


def plan_switch(context: Context, target: str) -> SwitchView:
    """What arrives, changes and leaves in a shell that goes from its profile to ``target``."""
    now, there = chosen_name(context), Library(context.home).names()
    evaluation = evaluate(context, [name for name in dict.fromkeys([now, target]) if name in there])
    before, after = _variables(evaluation, now), _variables(evaluation, target)
    same = now == target
    return SwitchView(
        target=target,
        arrives=tuple(sorted(after - before)),
        changes=() if same else tuple(sorted(after & before)),
        leaves=tuple(sorted(before - after)),
        withheld=tuple(
            (one.id.name, one.verdict.state, one.verdict.why)
            for one in evaluation.judged
            if one.id.profile == target and not one.verdict.state.usable and one.held.envelope is not None
        ),
    )


class SwitchRow(NamedTuple):
    """One token of a shell that switches: its state there before and after; None: the shell does not have it.

    ``gained`` and ``lost``: the scopes that the shell has through it only after, or only before.
    """

    id: str
    before: State | None
    after: State | None
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    findings: tuple[Finding, ...]


def switch_rows(context: Context, target: str) -> list[SwitchRow]:
    """The tokens that a shell loses and gains by going to ``target``. Raises NotFoundError, BadInputError, UnavailableError."""
    now = profile_in_use(context)
    Library(context.home).load(target)
    if now == target:
        return []
    evaluation = evaluate(context, [now, target])
    return [_switch_row(one, arrives=one.id.profile == target) for one in evaluation.judged if one.held.envelope]


def _switch_row(one: Judged, *, arrives: bool) -> SwitchRow:
    state = one.verdict.state
    scopes = tuple(sorted(permitted(one))) if state.usable else ()
    if arrives:
        return SwitchRow(str(one.id), None, state, scopes, (), one.verdict.findings)
    return SwitchRow(str(one.id), state, None, (), scopes, one.verdict.findings)


def _variables(evaluation: Evaluation, profile: str) -> set[str]:
    if profile not in evaluation.loaded:
        return set()
    loaded = evaluation.loaded[profile].profile
    plain = set(loaded.env) if evaluation.env_approved(loaded) else set()
    tokens = [one for one in evaluation.judged if one.id.profile == profile and one.verdict.state.usable and one.token]
    return plain | {name for one in tokens if one.token for name in one.token.env if "shell" in one.token.release}
