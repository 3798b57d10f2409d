"""Every rule: inside, outside, another type, absent, unreadable."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from time import perf_counter

import jsonschema
import pytest

from keybound.custody.evaluation.rule_tools import TOOLS
from keybound.custody.tokens.binding_text import parse_rules
from keybound.domain.errors import BadInputError
from keybound.domain.guard.guard import judge
from keybound.domain.profile.shapes import TableError
from keybound.domain.rules.base import Given, Rule
from keybound.domain.rules.registry import RULES, find_rule, holds, rule_fault
from keybound.domain.seal.seal import definition_digest, definition_record
from keybound.domain.values.keys import parse_key
from keybound.domain.values.readings import Absent, FileContent, Found, Read, Unreadable, Value
from keybound.domain.values.scopes import granted, permits
from keybound.domain.verdict.states import State
from keybound.domain.verdict.wording import rule_words, shown
from support.inputs import inputs_of, profile_of

FILE = FileContent("ab", 2, 0o600, 0, True)
NAN = float("nan")
DAY, NEXT = date(2026, 1, 1), date(2026, 1, 2)
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
SAME_NOON = datetime(2026, 1, 1, 14, tzinfo=timezone(timedelta(hours=2)))
LATER = datetime(2026, 1, 1, 13, tzinfo=timezone(timedelta(hours=0)))

# rule, limit, values inside, values outside; the last of these are of a wrong type
TABLE: list[tuple[str, Value, list[Value], list[Value]]] = [
    ("equals", 1, [1], [2, True, "1", 1.0, None, [1], FILE]),
    ("equals", True, [True], [False, 1, "true"]),
    ("equals", "a", ["a"], ["A", "a ", ["a"]]),
    ("equals", 1.5, [1.5], [NAN, "1.5"]),
    ("equals", NAN, [], [NAN, 1.0]),
    ("equals", {"a": [1]}, [{"a": [1]}], [{"a": [True]}, {"a": [1], "b": 2}, "{}"]),
    ("equals", NOON, [NOON, SAME_NOON], [LATER, NOON.replace(tzinfo=None), DAY, "2026-01-01T12:00:00Z"]),
    ("one_of", ["a", 1], ["a", 1], ["b", True, "1", ["a"], 1.0]),
    ("one_of", [], [], ["a", None]),
    ("not_one_of", ["a"], ["b", "A", ""], ["a", 1, ["a"], None, FILE]),
    ("not_one_of", [1, "x"], [2, "y"], [1, "x", True, 1.0, NAN]),
    ("matches", "[a-z]+", ["abc"], ["abc\n", "Abc", "", "abc1", 5, ["abc"], FILE]),
    ("matches", "a|ab", ["a", "ab"], ["abc", "xa"]),
    ("matches", "(?i)é.", ["É!"], ["É"]),
    ("starts_with", "eu-", ["eu-west", "eu-"], ["us", "EU-", "eu", 3, ["eu-"]]),
    ("url_host", "a.example",
     ["https://a.example/x", "https://A.example:8443", "https://u:p@a.example", "ssh://git@a.example/x", "http://a.example"],
     ["https://a.example.evil", "https://evil/a.example", "a.example", "https://u@evil\\@a.example", "https://x a.example",
      "https://a.example@evil", "https://evil#@a.example", "https://evil?@a.example", "https://a.example:80@evil",
      "https://a.example:x", "https://a.example:99999", "//a.example/", "https:///a.example", "https://a.example\n",
      "https://a.exampl%65", "https://[a.example]", "git@a.example:x", "", "https://a.example/" + "x" * 65_536, 1]),
    ("url_host", ["a", "B"], ["http://b/"], ["http://c/", ["http://b/"]]),
    ("url_host", "kube.example", [], ["https://\u212aube.example"]),
    ("url_host", "bücher.example", ["https://BÜCHER.example"], ["https://bucher.example"]),
    ("url_host", "::1", ["http://[::1]:80/"], ["http://::1/"]),
    ("under", "/w", ["/w", "/w/x", "/w//x"], ["/ww", "/", "", "/w/../x", "/w/..", "/W", 1, ["/w"]]),
    ("under", "/w/", ["/w", "/w/x"], ["/ww"]),
    ("under", "/", ["/", "/x"], ["", "x", "/../x"]),
    ("min", 3, [3, 4.5, 2**70, float("inf")], [2, -1.0, NAN, "4", True, [4], None]),
    ("max", 3, [3, 2.5, -(2**70)], [4, NAN, float("inf"), "2", False, FILE]),
    ("min", 1.5, [1.5, 2], [1]),
    ("min", NOON, [NOON, SAME_NOON, LATER], [NOON - timedelta(seconds=1), LATER.replace(tzinfo=None), NEXT, 5, "2027-01-01"]),
    ("max", NOON, [NOON, SAME_NOON], [LATER, DAY]),
    ("min", datetime(2026, 1, 1), [datetime(2026, 1, 1)], [datetime(2025, 1, 1), NOON]),
    ("min", NEXT, [NEXT], [DAY, NOON, LATER, "2026-01-02"]),
    ("max", time(12), [time(11)], [time(13), NOON, "11:00"]),
    ("min", {"semver": "1.2.0"},
     ["1.2.0", "1.10.0", "2.0.0-rc.1", "1.2.0+build", "1.2.1-a"],
     ["1.2.0-rc.1", "1.1.99", "0.9.0", "1.2", "v1.2.0", "01.2.0", "1.2.0 ", "1.2.0-01", "x", "", 2, ["1.2.0"], 1.5]),
    ("max", {"semver": "1.0.0-rc.1"},
     ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0-1", "0.9.9"],
     ["1.0.0-rc.1.1", "1.0.0-rc.2", "1.0.0-rc.11", "1.0.0-rc-1", "1.0.0", "9" * 255]),
    ("min", {"pep440": "1.2"},
     ["1.2", "1.2.0", "v1.2", "1.10", "1!0.1", "1.2.post1", "1.2+local"],
     ["1.2rc1", "1.2.dev1", "1.1", "latest", "1.2-x.y", "1." + "0" * 300, 1.2, 2, ["1.2"]]),
    ("max", {"pep440": "1.2"}, ["1.2", "1.2a1"], ["1.2.post1", "1.3", "2!0"]),
    ("subset_of", ["a", "b"], [["a"], [], ["b", "a", "a"]], [["c"], ["a", "c"], ["a", 1], "a", {"a": 1}, FILE, None]),
    ("subset_of", [1], [[1]], [[True], ["1"], [1.0]]),
    ("includes", ["a"], [["a", "b"]], [[], ["b"], [["a"]], "a", {"a": 1}, FILE]),
    ("includes", [1], [[1]], [[True], ["1"]]),
    ("exists", True, [0, "", None, [], FILE], []),
    ("exists", False, [], [0, "", None]),
    ("absent", True, [], [0, "", None]),
    ("mode_at_most", "0600", [FILE, FILE._replace(mode=0o400), FILE._replace(mode=0)],
     [FILE._replace(mode=0o644), FILE._replace(mode=0o700), FILE._replace(mode=0o4600), "0600", 0o600]),
    ("mode_at_most", "644", [FILE._replace(mode=0o640)], [FILE._replace(mode=0o646)]),
    ("owner_only", True, [FILE, FILE._replace(mode=0o700)],
     [FILE._replace(mode=0o640), FILE._replace(mode=0o604), FILE._replace(mine=False), 1, "x"]),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "limit", "inside", "outside"), TABLE)
def test_rule(rule: str, limit: Value, inside: list[Value], outside: list[Value]) -> None:
    for value in inside:
        assert holds(Rule(rule, limit), Found(value), TOOLS, False), value
    for value in outside:
        assert not holds(Rule(rule, limit), Found(value), TOOLS, False), value


def test_the_table_has_every_rule() -> None:
    assert {row[0] for row in TABLE} | {"unchanged"} == set(RULES)


@pytest.mark.parametrize("name", RULES)
def test_what_every_rule_promises(name: str) -> None:
    kind = find_rule(name)
    limit = next((row[1] for row in TABLE if row[0] == name), True)
    assert kind is not None
    assert kind.fits(limit)
    assert rule_fault(name, object()) in ("", f"{name} takes {kind.takes}")  # type: ignore[arg-type]
    assert len(kind.sign) == 1
    assert kind.inside(None, limit, Given(TOOLS, unchanged=False)) in (True, False)
    assert jsonschema.Draft202012Validator(kind.schema).is_valid(limit)
    words = rule_words(Rule(name, limit))
    assert words
    assert "{}" not in words
    bare = str(limit) if kind.bare else f"{json.dumps(limit)} "
    assert parse_rules(f"{name}={bare}") == {name: limit}


@pytest.mark.parametrize(("rule", "limit"), [(row[0], row[1]) for row in TABLE] + [("unchanged", True)])
def test_an_absent_reading_is_outside_all_but_absence(rule: str, limit: Value) -> None:
    wanted = (rule, limit) in (("absent", True), ("exists", False))
    assert holds(Rule(rule, limit), Absent(), TOOLS, True) is wanted


@pytest.mark.parametrize("rule", [row[0] for row in TABLE] + ["unchanged"])
@pytest.mark.parametrize(("outside", "state"), [("expire", State.SUSPENDED), ("warn", State.WARNING)])
def test_an_unreadable_one_suspends_at_most(rule: str, outside: str, state: State) -> None:
    limit = next((row[1] for row in TABLE if row[0] == rule), True)
    profile = profile_of({"bound": {"file:x#a": {rule: limit, "outside": outside}}}, files={"x": "/x"})
    verdict = judge(inputs_of(profile, {"file:x#a": Read(Unreadable("no permission"), "/x", 0)}))
    assert (verdict.state, verdict.expiry) == (state, None)
    assert "no permission" in verdict.why


def test_unchanged() -> None:
    assert holds(Rule("unchanged", True), Found("x"), TOOLS, True)
    assert not holds(Rule("unchanged", True), Found("x"), TOOLS, False)


def test_all_rules_of_a_boundary_must_hold() -> None:
    profile = profile_of({"bound": {"settings.a": {"min": 1, "max": 3, "not_one_of": [2]}}})
    states = {value: judge(inputs_of(profile, {"settings.a": Read(Found(value), "/p", 0)})).state for value in range(5)}
    assert [value for value, state in states.items() if state is State.ACTIVE] == [1, 3]


@pytest.mark.parametrize(
    ("rule", "limit", "value"),
    [
        ("newer_rule", 1, 1),
        ("matches", "(", "x"),
        ("matches", "(x{0,1000}){0,1000}", "x"),
        ("matches", ".*", "x" * 4097),
        ("matches", ".*", "\udcff"),
        ("min", {"semver": "1"}, "1.0.0"),
        ("min", {"pep440": "x"}, "1"),
        ("max", {"calver": "1"}, "1"),
    ],
)
def test_what_cannot_be_judged_suspends(rule: str, limit: Value, value: str) -> None:
    with pytest.raises(ValueError, match=r"\w+") as caught:
        holds(Rule(rule, limit), Found(value), TOOLS, True)
    assert "codec" not in str(caught.value)
    profile = profile_of({"bound": {"settings.a": {"equals": 1}}})
    token = profile.tokens["t"]
    binding = token.bindings[0]._replace(rules=(Rule(rule, limit),))
    inputs = inputs_of(profile, {"settings.a": Read(Found(value), "/p", 0)})
    verdict = judge(inputs._replace(token=token._replace(bindings=(binding,))))
    assert (verdict.state, verdict.expiry) == (State.SUSPENDED, None)


def test_a_rule_that_is_not_known_cannot_be_judged_where_nothing_is_either() -> None:
    binding = profile_of({"bound": {"settings.a": {"equals": 1}}}).tokens["t"].bindings[0]
    profile = profile_of({"bound": {"settings.a": {"equals": 1}}})
    inputs = inputs_of(profile, {"settings.a": Read(Absent(), "/p", 0)})
    token = inputs.token._replace(bindings=(binding._replace(rules=(Rule("newer_rule", 1),)),))
    verdict = judge(inputs._replace(token=token))
    assert (verdict.state, verdict.expiry) == (State.SUSPENDED, None)


def test_a_pattern_made_to_blow_up_is_quick() -> None:
    start = perf_counter()
    for pattern in ("(a*)*b", "(a|a)*b", "(.*a){12}b", "((a?){300}){3}a{300}", "(?:a|b)*a(?:a|b){900}c"):
        assert not holds(Rule("matches", pattern), Found("a" * 4096), TOOLS, False)
    assert perf_counter() - start < 5


class Watched(list[Value]):
    """A list that counts what is taken from it."""

    taken = 0

    def __iter__(self) -> Iterator[Value]:
        for item in super().__iter__():
            self.taken += 1
            yield item


def test_only_the_beginning_of_a_large_value_is_put_in_words() -> None:
    large = Watched(range(100_000))
    assert len(shown("settings.a", Found(large)).text) == 200
    assert large.taken < 2000
    assert shown("settings.a", Found("eyJhbGciOiJub25lIn0." + "x" * 9000)).hidden


def test_nan_equals_nothing_and_stops_nothing() -> None:
    profile = profile_of({"bound": {"settings.a": {"exists": True, "inside": "warn"}}})
    inputs = inputs_of(profile, {"settings.a": Read(Found(NAN), "/p", 0)})
    assert inputs.envelope is not None
    envelope = inputs.envelope._replace(approved={"settings.a": "00"})
    assert judge(inputs._replace(envelope=envelope)).state is State.WARNING


@pytest.mark.parametrize(
    ("rule", "limit"),
    [
        ("newer_rule", 1), ("one_of", "a"), ("not_one_of", []), ("not_one_of", "a"), ("matches", 1), ("starts_with", ["a"]),
        ("url_host", "https://a.example"), ("url_host", "a/b"), ("url_host", ""), ("url_host", []), ("url_host", ["a", 1]),
        ("under", "~/work"), ("under", ""), ("under", "/a/../b"), ("under", 1), ("min", "1.2.0"), ("min", True), ("max", NAN),
        ("min", {"semver": "1.2"}), ("min", {"semver": 1}), ("min", {"calver": "1"}), ("max", {}),
        ("max", {"semver": "1.0.0", "pep440": "1"}), ("subset_of", "a"), ("includes", {}), ("exists", 1), ("absent", False),
        ("unchanged", "yes"), ("mode_at_most", 600), ("mode_at_most", "0888"), ("mode_at_most", "1777"), ("owner_only", False),
    ],
)  # fmt: skip
def test_a_rule_that_is_written_wrong_is_said(rule: str, limit: Value) -> None:
    assert rule_fault(rule, limit)
    with pytest.raises(TableError) as caught:
        profile_of({"bound": {"settings.a": {rule: limit}}})
    assert caught.value.keypath == ("tokens", "t", "bound", "settings.a", rule)


@pytest.mark.parametrize(("rule", "limit"), [(row[0], row[1]) for row in TABLE if row[1] == row[1] and row[2]])
def test_a_rule_that_is_written_right_is_taken(rule: str, limit: Value) -> None:
    assert rule_fault(rule, limit) == ""


def test_a_version_says_its_scheme_and_is_sealed_with_it() -> None:
    assert rule_words(Rule("min", {"semver": "1.2.0"})) == "≥ 1.2.0 (semver)"
    one, other = (
        definition_digest(definition_record(profile.tokens["t"], profile))
        for scheme in ("semver", "pep440")
        for profile in [profile_of({"bound": {"settings.v": {"min": {scheme: "1.2.0"}}}})]
    )
    assert one != other
    assert parse_rules('min={ semver = "1.2.0" } max={ pep440 = "2" } inside=warn') == {
        "min": {"semver": "1.2.0"}, "max": {"pep440": "2"}, "inside": "warn",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("grant", "scope", "covered"),
    [
        ("repo:read", "repo:read", True),
        ("packages:*", "packages:write", True),
        ("packages:*", "package:write", False),
        ("*:read", "repo:read", True),
        ("a*b*c", "axbyc", True),
        ("a*b*c", "acb", False),
        ("ab*ba", "aba", False),
    ],
)
def test_grants(grant: str, scope: str, covered: bool) -> None:
    assert permits(grant, scope) is covered


def test_no_grants_permit_all() -> None:
    assert granted(["a"], [], None) == {"a"}
    assert granted(["a"], ["r"], {"r": ("b",)}) == set()


@pytest.mark.parametrize(
    "text", ["", "region", "flags", "tokens.x", "file:", "file:A#b", "env:1X", "vault:x", "settings.a b", "git:tag"]
)
def test_bad_keys_are_said(text: str) -> None:
    with pytest.raises(BadInputError):
        parse_key(text)


@pytest.mark.parametrize(
    "text",
    ["settings.a", 'settings."a b".c', "roles.active", "file:kube", "file:kube#contexts[name=pr].cluster", "file:x#a[0].b",
     "env:X", "cwd", "git:branch", "here:package.json#name"],
)  # fmt: skip
def test_good_keys_are_read(text: str) -> None:
    assert parse_key(text).text == text
