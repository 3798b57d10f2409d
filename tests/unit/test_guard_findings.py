"""What the guard says, whole: every finding with its words and places, what it records, and when it changes by time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from keybound.domain.guard.expiry_times import expiry_time, graced_since, next_change, soon_before
from keybound.domain.guard.guard import SETTLE_NS, GuardInput, judge
from keybound.domain.values.canonical import keyed_digest
from keybound.domain.values.names import TokenId
from keybound.domain.values.readings import Absent, FileContent, Found, Read, Unreadable, Value, changed
from keybound.domain.verdict.states import Reaction, State
from keybound.domain.verdict.sticky import Sticky, pending_text
from keybound.domain.verdict.verdict import Finding, Shown, Verdict
from support.inputs import NOW, NOW_NS, inputs_of, profile_of

ID, OLD = TokenId("p", "t"), NOW_NS - 10**10
HOUR = timedelta(hours=1)
SUSPEND, EXPIRE, WARN = Reaction.SUSPEND, Reaction.EXPIRE, Reaction.WARN


def inputs(token: dict[str, Value], readings: dict[str, Read] | None = None, **changes: Any) -> GuardInput:
    more = changes.pop("profile", {})
    envelope = changes.pop("envelope", {})
    found = inputs_of(profile_of(token, **more), readings or {}, **changes)
    assert found.envelope is not None
    return found._replace(envelope=found.envelope._replace(**envelope))


def bound(**rules: Value) -> dict[str, Value]:
    return {"bound": {"flags.a": rules}}


def flag(value: object, changed_ns: int | None = OLD) -> dict[str, Read]:
    return {"flags.a": Read(Found(value), "/p.toml", changed_ns)}  # type: ignore[arg-type]


def said(state: State, message: str, reaction: Reaction = SUSPEND) -> Finding:
    return Finding("", "", reaction, state, None, None, message)


def a_finding(reaction: Reaction, state: State, message: str) -> Finding:
    return Finding(
        "flags.a", "= false", reaction, state, Shown("false"), Shown("true"), message, "/p.toml", ("flags", "a")
    )


IS_TRUE = "flags.a is true, bound to false"
RECORDED = Sticky("expired", IS_TRUE, "", "flags.a", "= false", "expire", "false", "true", "/p.toml")


@pytest.mark.parametrize(
    ("asked", "verdict"),
    [
        (inputs({}), Verdict(ID, State.ACTIVE, ())),
        (inputs({})._replace(envelope=None), Verdict(ID, State.MISSING, (said(State.MISSING, "no secret is stored: add it"),))),
        (
            inputs({}, blocked=(State.UNAPPROVED, "an older copy of it was restored")),
            Verdict(ID, State.UNAPPROVED, (said(State.UNAPPROVED, "an older copy of it was restored"),)),
        ),
        (
            inputs({}, digest="other"),
            Verdict(
                ID, State.UNAPPROVED, (said(State.UNAPPROVED, "its definition differs from the approved one"),)
            ),
        ),
        (
            inputs({"scopes": ["a"]}, grants_approved=False),
            Verdict(
                ID,
                State.UNAPPROVED,
                (said(State.UNAPPROVED, "the profile's [roles.grants] differs from the approved one"),),
            ),
        ),
        (
            inputs({}, envelope={"sticky": Sticky("expired", "it was true", "")}),
            Verdict(ID, State.EXPIRED, (said(State.EXPIRED, "it was true", EXPIRE),)),
        ),
        (
            inputs({}, envelope={"sticky": Sticky("unheard of", "a newer one", "")}),
            Verdict(ID, State.SUSPENDED, (said(State.SUSPENDED, "a newer one"),)),
        ),
        (
            inputs({}, envelope={"secret": None}),
            Verdict(ID, State.EXPIRED, (said(State.EXPIRED, "its secret was erased: refresh it"),)),
        ),
        (
            inputs({}, envelope={"not_before": (NOW + HOUR).isoformat()}),
            Verdict(
                ID,
                State.SUSPENDED,
                (said(State.SUSPENDED, "it is not valid until 2026-05-17 13:00 UTC"),),
                changes_at=NOW + HOUR,
            ),
        ),
        (inputs({}, envelope={"not_before": NOW.isoformat()}), Verdict(ID, State.ACTIVE, ())),
        (
            inputs({"ttl": "30d"}, clock_ahead=True),
            Verdict(
                ID,
                State.SUSPENDED,
                (
                    said(
                        State.SUSPENDED,
                        "the clock is over a day behind the last recorded time: keybound approve --accept-clock",
                    ),
                ),
                changes_at=NOW + timedelta(days=27),
            ),
        ),
        (
            inputs({"expires": NOW}),
            Verdict(ID, State.EXPIRED, (said(State.EXPIRED, "its lifetime ended on 2026-05-17 12:00 UTC"),)),
        ),
        (
            inputs({"expires": NOW + 2 * HOUR}),
            Verdict(ID, State.WARNING, (said(State.WARNING, "due in 2h", WARN),), changes_at=NOW + 2 * HOUR),
        ),
        (
            inputs({"expires": NOW + timedelta(days=7)}),
            Verdict(ID, State.WARNING, (said(State.WARNING, "due in 7d", WARN),), changes_at=NOW + timedelta(days=7)),
        ),
        (
            inputs({"expires": NOW + timedelta(days=8)}),
            Verdict(ID, State.ACTIVE, (), changes_at=NOW + timedelta(days=1)),
        ),
        (
            inputs(bound(equals=False), flag(True)),
            Verdict(ID, State.EXPIRED, (a_finding(EXPIRE, State.EXPIRED, IS_TRUE),), RECORDED),
        ),
        (
            inputs(bound(equals=False), flag(True, NOW_NS - 1)),
            Verdict(ID, State.SUSPENDED, (a_finding(EXPIRE, State.SUSPENDED, IS_TRUE),), unsettled_ns=NOW_NS - 1),
        ),
        (
            inputs(bound(equals=False), flag(True, NOW_NS)),
            Verdict(ID, State.SUSPENDED, (a_finding(EXPIRE, State.SUSPENDED, IS_TRUE),), unsettled_ns=NOW_NS),
        ),
        (
            inputs(bound(equals=False, outside="refresh"), flag(True)),
            Verdict(
                ID, State.SUSPENDED, (a_finding(Reaction.REFRESH, State.SUSPENDED, IS_TRUE),), refresh_due=True
            ),
        ),
        (
            inputs(bound(equals=False, outside="refresh"), flag(True, NOW_NS - 5)),
            Verdict(
                ID, State.SUSPENDED, (a_finding(Reaction.REFRESH, State.SUSPENDED, IS_TRUE),), unsettled_ns=NOW_NS - 5
            ),
        ),
        (
            inputs(bound(equals=False, outside="suspend"), flag(True, NOW_NS - 5)),
            Verdict(ID, State.SUSPENDED, (a_finding(SUSPEND, State.SUSPENDED, IS_TRUE),)),
        ),
        (
            inputs(bound(equals=False), {"flags.a": Read(Unreadable("no TOML"), "/p.toml", OLD)}),
            Verdict(
                ID,
                State.SUSPENDED,
                (
                    a_finding(SUSPEND, State.SUSPENDED, "flags.a cannot be read: no TOML")._replace(
                        now=Shown("unreadable: no TOML")
                    ),
                ),
            ),
        ),
        (
            inputs(bound(equals=False)),
            Verdict(
                ID,
                State.SUSPENDED,
                (
                    a_finding(SUSPEND, State.SUSPENDED, "flags.a cannot be read: it was not read")._replace(
                        now=Shown("unreadable: it was not read"), path=""
                    ),
                ),
            ),
        ),
        (
            inputs(bound(equals=False, grace="1h"), flag(True)),
            Verdict(
                ID,
                State.WARNING,
                (a_finding(EXPIRE, State.WARNING, f"{IS_TRUE}; it expires in 1h"),),
                grace=f"{IS_TRUE}; it expires in 1h",
            ),
        ),
        (
            inputs(
                bound(equals=False, grace="1h"),
                flag(True),
                envelope={"sticky": Sticky("grace", "", (NOW - HOUR / 2).isoformat())},
            ),
            Verdict(
                ID,
                State.WARNING,
                (a_finding(EXPIRE, State.WARNING, f"{IS_TRUE}; it expires in 30m"),),
                changes_at=NOW + HOUR / 2,
            ),
        ),
        (
            inputs(
                bound(equals=False, grace="1h"),
                flag(True),
                envelope={"sticky": Sticky("grace", "", (NOW - HOUR).isoformat())},
            ),
            Verdict(ID, State.EXPIRED, (a_finding(EXPIRE, State.EXPIRED, IS_TRUE),), RECORDED),
        ),
        (
            inputs(
                bound(equals=False, grace="1h"),
                flag(False),
                envelope={"sticky": Sticky("grace", "", NOW.isoformat())},
            ),
            Verdict(ID, State.ACTIVE, (), grace="", changes_at=NOW + HOUR),
        ),
        (
            inputs(bound(equals=False), flag(True), digest="other"),
            Verdict(
                ID,
                State.UNAPPROVED,
                (
                    said(State.UNAPPROVED, "its definition differs from the approved one"),
                    a_finding(EXPIRE, State.UNAPPROVED, IS_TRUE),
                ),
            ),
        ),
        (
            inputs(bound(equals=False, outside="warn"), flag(True), envelope={"sticky": Sticky("expired", "why", "")}),
            Verdict(
                ID, State.EXPIRED, (said(State.EXPIRED, "why", EXPIRE), a_finding(WARN, State.WARNING, IS_TRUE))
            ),
        ),
        (
            inputs(bound(equals=False), flag(True), envelope={"sticky": Sticky("expired", "why", "")}),
            Verdict(
                ID, State.EXPIRED, (said(State.EXPIRED, "why", EXPIRE), a_finding(EXPIRE, State.EXPIRED, IS_TRUE))
            ),
        ),
        (
            inputs(bound(one_of=[1], inside="warn"), flag(1)),
            Verdict(
                ID,
                State.WARNING,
                (
                    Finding(
                        "flags.a", "one of 1", WARN, State.WARNING, Shown("one of 1"), Shown("1"),
                        "flags.a is now 1, inside its boundary", "/p.toml", ("flags", "a"),
                    ),
                ),
            ),
        ),
        (
            inputs({"scopes": ["a", "b", "c"]}, profile={"roles": {"active": ["x", "y"], "grants": {"x": ["b"]}}}),
            Verdict(
                ID,
                State.EXPIRED,
                (
                    Finding(
                        "roles.active", "grants a, b, c", EXPIRE, State.EXPIRED, None, Shown("x, y"),
                        "no active role grants a, c", "/p.toml", ("roles", "active"),
                    ),
                ),
                Sticky(
                    "expired", "no active role grants a, c", "",
                    "roles.active", "grants a, b, c", "expire", "", "x, y", "/p.toml",
                ),
            ),
        ),
        (
            inputs(
                {"scopes": ["a"]},
                profile={"roles": {"active": [], "grants": {}}},
                roles_read=Read(Found([]), "/p.toml", NOW_NS - 1),
            ),
            Verdict(
                ID,
                State.SUSPENDED,
                (
                    Finding(
                        "roles.active", "grants a", EXPIRE, State.SUSPENDED, None, Shown("nothing"),
                        "no active role grants a", "/p.toml", ("roles", "active"),
                    ),
                ),
                unsettled_ns=NOW_NS - 1,
            ),
        ),
    ],
)  # fmt: skip
def test_the_whole_verdict(asked: GuardInput, verdict: Verdict) -> None:
    assert judge(asked) == verdict


def test_what_is_pending_is_expired_and_recorded_unless_it_already_is() -> None:
    assert judge(inputs({}, pending="it was true")) == Verdict(
        ID, State.EXPIRED, (said(State.EXPIRED, "it was true", EXPIRE),), Sticky("expired", "it was true", "")
    )
    stuck = inputs({}, pending="it was true", envelope={"sticky": Sticky("expired", "before", "")})
    assert judge(stuck).expiry is None
    blocked = inputs({}, pending="it was true", blocked=(State.SUSPENDED, "unfinished"))
    assert judge(blocked).expiry is None


def test_an_unreadable_reading_keeps_a_grace_running() -> None:
    running = {"sticky": Sticky("grace", "", NOW.isoformat())}
    gone = {"flags.a": Read(Unreadable("no TOML"), "/p.toml", OLD)}
    assert judge(inputs(bound(equals=False, grace="1h"), gone, envelope=running)).grace is None


@pytest.mark.parametrize("blocked", [State.SUSPENDED, State.UNAPPROVED, State.MISSING])
def test_what_blocks_a_missing_secret_is_said(blocked: State) -> None:
    nothing = inputs({}, blocked=(blocked, "why"))._replace(envelope=None)
    assert judge(nothing).findings == (said(blocked, "why"),)


def test_an_inherited_token_without_a_secret_says_so() -> None:
    asked = inputs({})
    verdict = judge(asked._replace(envelope=None, token=asked.token._replace(inherited=True)))
    assert verdict.why == "missing (inherited): no secret has been added here"
    assert verdict.id == ID


def test_the_approved_reading_is_unchanged_and_another_is_not() -> None:
    approved = {"flags.a": keyed_digest(bytes(32), "flags.a", True)}
    asked = inputs(bound(unchanged=True), flag(True), envelope={"approved": approved})
    assert judge(asked).state is State.ACTIVE
    assert judge(asked._replace(readings=flag(False))).state is State.EXPIRED
    assert judge(asked._replace(readings=flag(float("nan")))).state is State.EXPIRED
    nothing = {"flags.a": keyed_digest(bytes(32), "flags.a", False)}
    assert (
        judge(inputs(bound(equals=True, inside="warn"), flag(True), envelope={"approved": nothing})).state
        is State.WARNING
    )
    assert judge(inputs(bound(equals=True), flag(True), envelope={"approved": nothing})).state is State.ACTIVE


def test_absent_and_unreadable_have_marks_that_no_value_has() -> None:
    assert (changed(Found(1)), changed(Absent()), changed(Unreadable(""))) == (1, ["absent"], ["unreadable"])


def test_a_pattern_that_cannot_be_judged_says_why() -> None:
    verdict = judge(
        inputs({"bound": {"settings.a[0]": {"matches": "("}}}, {"settings.a[0]": Read(Found("x"), "/p", OLD)})
    )
    assert verdict.why.startswith("settings.a[0]: ")
    assert verdict.findings[0].keypath == ("settings", "a", "")
    unapproved = inputs({"bound": {"flags.a": {"matches": "("}}}, flag("x"), digest="other")
    assert judge(unapproved).findings[1].state is State.SUSPENDED


def test_a_file_has_no_place_in_the_profile() -> None:
    content = FileContent("0123456789", 1, 0o644, 0, True)
    verdict = judge(
        inputs({"bound": {"file:f": {"mode_at_most": "0600"}}}, {"file:f": Read(Found(content), "/f", OLD)})
    )
    assert verdict.findings == (
        Finding(
            "file:f", "mode ≤ 0600", EXPIRE, State.EXPIRED, Shown("mode ≤ 0600"), Shown("0644 · 0123…"),
            "file:f is 0644 · 0123…, bound to mode ≤ 0600", "/f", (),
        ),
    )  # fmt: skip


def test_a_key_in_a_file_has_none_either() -> None:
    verdict = judge(inputs({"bound": {"file:f#a.b": {"equals": 1}}}, {"file:f#a.b": Read(Found(2), "/f", OLD)}))
    assert (verdict.findings[0].path, verdict.findings[0].keypath) == ("/f", ())


def test_the_youngest_file_is_the_one_to_wait_for() -> None:
    readings = {"flags.a": Read(Found(1), "/p", NOW_NS - 9), "flags.b": Read(Found(1), "/p", NOW_NS - 5)}
    token: dict[str, Value] = {"bound": {"flags.a": {"equals": 2}, "flags.b": {"equals": 2}}}
    assert judge(inputs(token, readings)).unsettled_ns == NOW_NS - 5
    assert judge(inputs(token, readings, now_ns=NOW_NS - 5 + SETTLE_NS)).unsettled_ns is None


FIRST = datetime.min.replace(tzinfo=UTC)  # nothing lies before it
DUE: dict[str, Value] = {"expires": NOW + 10 * HOUR}
MINT: dict[str, Value] = {"refresh": {"command": ["m"], "before": "2h"}}


@pytest.mark.parametrize(
    ("token", "envelope", "end", "soon", "change"),
    [
        ({}, {}, None, timedelta(days=7), None),
        (DUE, {}, NOW + 10 * HOUR, timedelta(days=7), NOW + 10 * HOUR),
        ({**DUE, **MINT}, {}, NOW + 10 * HOUR, 2 * HOUR, NOW + 8 * HOUR),
        ({**DUE, "refresh": {"command": ["m"]}}, {}, NOW + 10 * HOUR, timedelta(days=7), NOW + 10 * HOUR),
        ({"ttl": "10h"}, {}, NOW + 10 * HOUR, HOUR, NOW + 9 * HOUR),
        ({"ttl": "10h"}, {"refreshed_at": ""}, None, HOUR, None),
        ({"ttl": "10h"}, {"expires_at": (NOW + HOUR).isoformat()}, NOW + HOUR, HOUR, NOW + HOUR),
        ({"ttl": "20w"}, {}, NOW + timedelta(weeks=20), timedelta(days=7), NOW + timedelta(weeks=19)),
        (DUE, {"expires_at": (NOW + 20 * HOUR).isoformat()}, NOW + 10 * HOUR, timedelta(days=7), NOW + 10 * HOUR),
        ({}, {"not_before": (NOW + HOUR).isoformat()}, None, timedelta(days=7), NOW + HOUR),
        ({}, {"expires_at": FIRST.isoformat()}, FIRST, timedelta(days=7), None),
        ({}, {"not_before": NOW.isoformat()}, None, timedelta(days=7), None),
        (
            {"bound": {"flags.a": {"equals": 1, "grace": "3h"}, "flags.b": {"equals": 1}}, "ttl": "10h"},
            {"sticky": Sticky("grace", "", (NOW - HOUR).isoformat())},
            NOW + 10 * HOUR,
            HOUR,
            NOW + 2 * HOUR,
        ),
    ],
)
def test_ends_and_the_next_change_by_time(
    token: dict[str, Value], envelope: dict[str, Any], end: datetime | None, soon: timedelta, change: datetime | None
) -> None:
    asked = inputs(token, envelope=envelope)
    assert asked.envelope is not None
    assert expiry_time(asked.token, asked.envelope) == end
    assert soon_before(asked.token, asked.envelope) == soon
    assert next_change(asked.token, asked.envelope, NOW) == change


def test_only_a_grace_runs() -> None:
    asked = inputs({}).envelope
    assert asked is not None
    assert graced_since(None) is graced_since(asked) is None
    assert graced_since(asked._replace(sticky=Sticky("expired", "", NOW.isoformat()))) is None
    assert graced_since(asked._replace(sticky=Sticky("grace", "", NOW.isoformat()))) == datetime(
        2026, 5, 17, 12, tzinfo=UTC
    )


AT = "2026-11-27T16:40:00+00:00"
KEPT = RECORDED._replace(at=AT, line=7)


@pytest.mark.parametrize(
    ("token", "readings", "message", "now"),
    [
        (bound(equals=False), flag(False), "it is false now", Shown("false")),
        (bound(equals=False), {"flags.a": Read(Absent())}, "", Shown("absent")),
        ({}, {}, "it is no longer bound", None),
    ],
)
def test_a_recorded_expiry_says_what_it_was_and_what_it_is_now(
    token: dict[str, Value], readings: dict[str, Read], message: str, now: Shown | None
) -> None:
    verdict = judge(inputs(token, readings, envelope={"sticky": KEPT}))
    assert (verdict.state, verdict.expiry) == (State.EXPIRED, None)
    first = verdict.findings[0]
    if now == Shown("absent"):  # outside now too: that is said instead
        assert first.message == "flags.a is absent, bound to false"
        return
    assert first == Finding(
        "flags.a", "= false", EXPIRE, State.EXPIRED, Shown("false"), now,
        f"flags.a was true on 2026-11-27 at 16:40 UTC, bound to false; {message}", "/p.toml",
        then=Shown("true"), since=AT, line=7,
    )  # fmt: skip


def test_a_recorded_expiry_in_the_present_tense_while_it_is_outside() -> None:
    verdict = judge(inputs(bound(equals=False), flag(True), envelope={"sticky": KEPT}))
    assert [one.message for one in verdict.findings] == [IS_TRUE]
    assert (verdict.state, verdict.expiry) == (State.EXPIRED, None)


@pytest.mark.parametrize("text", ["it was true", pending_text(KEPT), '{"broken'])
def test_a_pending_expiry_is_recorded_as_it_was_found(text: str) -> None:
    expiry = judge(inputs(bound(equals=False), flag(False), pending=text)).expiry
    assert expiry == (KEPT if text.startswith('{"state') else Sticky("expired", text, ""))
