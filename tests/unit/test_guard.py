"""The guard's answers, one by one."""

from datetime import timedelta

import pytest

from keybound.domain.guard.guard import SETTLE_NS, judge
from keybound.domain.values.readings import Absent, Found, Read, Reading, Unreadable, Value
from keybound.domain.verdict.states import State
from keybound.domain.verdict.sticky import Sticky
from support.inputs import NOW, NOW_NS, inputs_of, profile_of

BOUND: dict[str, Value] = {"bound": {"flags.a": {"equals": False}}}


def read(value: Reading, *, age_ns: int = 10**10) -> dict[str, Read]:
    return {"flags.a": Read(value, "/p.toml", NOW_NS - age_ns)}


@pytest.mark.parametrize(
    ("reading", "age_ns", "state"),
    [
        (Found(False), 0, State.ACTIVE),
        (Found(True), 10**10, State.EXPIRED),
        (Found(True), SETTLE_NS - 1, State.SUSPENDED),
        (Found(True), SETTLE_NS, State.EXPIRED),
        (Found(True), -5, State.EXPIRED),  # a time in the future counts as rested
        (Found(0), 10**10, State.EXPIRED),  # 0 is not false
        (Absent(), 10**10, State.EXPIRED),
        (Unreadable("half-written"), 10**10, State.SUSPENDED),
    ],
)
def test_one_binding(reading: Reading, age_ns: int, state: State) -> None:
    verdict = judge(inputs_of(profile_of(BOUND), read(reading, age_ns=age_ns)))
    assert verdict.state is state
    assert (verdict.expiry is not None) is (state is State.EXPIRED)


@pytest.mark.parametrize(
    ("outside", "state"),
    [("ignore", State.ACTIVE), ("warn", State.WARNING), ("suspend", State.SUSPENDED), ("refresh", State.SUSPENDED)],
)
def test_milder_reactions_record_nothing(outside: str, state: State) -> None:
    profile = profile_of({"bound": {"flags.a": {"equals": False, "outside": outside}}})
    verdict = judge(inputs_of(profile, read(Found(True))))
    assert (verdict.state, verdict.expiry) == (state, None)


def test_only_what_is_sealed_can_expire() -> None:
    inputs = inputs_of(profile_of(BOUND), read(Found(True)), digest="another")
    verdict = judge(inputs)
    assert (verdict.state, verdict.expiry) == (State.UNAPPROVED, None)
    assert any(finding.key == "flags.a" for finding in verdict.findings)


def test_unapproved_grants_withhold_tokens_with_scopes_and_expire_nothing() -> None:
    profile = profile_of({"scopes": ["repo:read"]}, roles={"active": ["x"], "grants": {"y": ["repo:read"]}})
    verdict = judge(inputs_of(profile, {}, grants_approved=False))
    assert (verdict.state, verdict.expiry) == (State.UNAPPROVED, None)
    assert judge(inputs_of(profile, {})).state is State.EXPIRED  # approved, and no active role grants it


def test_sticky_stays_whatever_is_read() -> None:
    inputs = inputs_of(profile_of(BOUND), read(Found(False)))
    assert inputs.envelope is not None
    stuck = inputs._replace(envelope=inputs.envelope._replace(sticky=Sticky("expired", "flags.a was true", "")))
    verdict = judge(stuck)
    assert (verdict.state, verdict.expiry, verdict.why) == (State.EXPIRED, None, "flags.a was true")


def test_missing_and_older_copies() -> None:
    profile = profile_of(BOUND)
    assert judge(inputs_of(profile, read(Found(False)), envelope=None)).state is State.MISSING
    older = inputs_of(profile, read(Found(False)), blocked=(State.UNAPPROVED, "an older copy of it was restored"))
    assert judge(older).state is State.UNAPPROVED


@pytest.mark.parametrize(
    ("after", "state"),
    [
        (timedelta(days=1), State.ACTIVE),
        (timedelta(days=28), State.WARNING),
        (timedelta(days=30), State.EXPIRED),
    ],
)
def test_time_is_a_boundary_and_never_sticky(after: timedelta, state: State) -> None:
    verdict = judge(inputs_of(profile_of({"ttl": "30d"}), {}, now=NOW + after))
    assert (verdict.state, verdict.expiry) == (state, None)


def test_a_clock_far_behind_suspends_only_tokens_with_a_time() -> None:
    assert judge(inputs_of(profile_of({"ttl": "30d"}), {}, clock_ahead=True)).state is State.SUSPENDED
    assert judge(inputs_of(profile_of({}), {}, clock_ahead=True)).state is State.ACTIVE


@pytest.mark.parametrize("key", ["env:X", "cwd", "here:f#a", "here:f", "git:branch", "git:config.user.email"])
@pytest.mark.parametrize("reaction", ["expire", "refresh", None])
def test_context_keys_suspend_at_most(key: str, reaction: str | None) -> None:
    rules: dict[str, Value] = {"equals": "a", **({"outside": reaction} if reaction else {})}
    profile = profile_of({"bound": {key: rules}})
    for reading in (Found("b"), Absent(), Unreadable("no")):
        verdict = judge(inputs_of(profile, {key: Read(reading, "/f", 0)}))
        assert (verdict.state, verdict.expiry, verdict.refresh_due) == (State.SUSPENDED, None, False)
        assert verdict.standing is State.ACTIVE  # nobody else's, and no later moment's


def test_what_is_remembered_leaves_out_context_keys_only() -> None:
    bound: dict[str, Value] = {"bound": {"env:X": {"equals": "a"}, "flags.a": {"equals": False, "outside": "warn"}}}
    readings = {"env:X": Read(Found("b")), **read(Found(True))}
    verdict = judge(inputs_of(profile_of(bound), readings))
    assert (verdict.state, verdict.standing) == (State.SUSPENDED, State.WARNING)


def test_a_pattern_that_does_not_compile_suspends() -> None:
    profile = profile_of({"bound": {"settings.a": {"matches": "("}}})
    verdict = judge(inputs_of(profile, {"settings.a": Read(Found("x"), "/p", 0)}))
    assert (verdict.state, verdict.expiry) == (State.SUSPENDED, None)
