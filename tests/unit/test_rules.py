"""Every rule: inside, outside, another type, absent."""

import pytest

from keybound.custody.tools import matches
from keybound.domain.definition import Rule
from keybound.domain.errors import BadInput
from keybound.domain.keys import parse_key
from keybound.domain.readings import Absent, FileContent, Found, Value
from keybound.domain.rules import holds
from keybound.domain.scopes import granted, permits

FILE = FileContent("ab", 2, 0o600, 0, True)


@pytest.mark.parametrize(
    ("rule", "limit", "inside", "outside"),
    [
        ("equals", 1, [1], [True, "1", 1.0, 2, None, [1]]),
        ("equals", "a", ["a"], ["A", b"a".decode() + " ", ["a"]]),
        ("one_of", ["a", 1], ["a", 1], ["b", True, "1", ["a"]]),
        ("not_one_of", ["a"], ["b", 1], ["a"]),
        ("matches", "[a-z]+", ["abc"], ["abc\n", "Abc", "", 5, "abc1"]),
        ("starts_with", "eu-", ["eu-west"], ["us", "EU-", 3]),
        ("url_host", "a.example", ["https://a.example/x", "https://A.example:8443"],
         ["https://a.example.evil", "https://evil/a.example", "a.example", "https://u@evil\\@a.example",
          "https://x a.example", 1]),
        ("url_host", ["a", "b"], ["http://b/"], ["http://c/"]),
        ("under", "/w", ["/w", "/w/x"], ["/ww", "/", "/w/../x", 1]),
        ("min", 3, [3, 4.5], [2, "4", True]),
        ("max", 3, [3], [4, None]),
        ("subset_of", ["a", "b"], [["a"], [], ["b", "a"]], [["c"], "a", ["a", "c"]]),
        ("includes", ["a"], [["a", "b"]], [[], "a", ["b"]]),
        ("exists", True, [0, ""], []),
        ("absent", True, [], [0, ""]),
        ("mode_at_most", "0600", [FILE, FILE._replace(mode=0o400)], [FILE._replace(mode=0o644), "0600"]),
        ("owner_only", True, [FILE], [FILE._replace(mode=0o640), FILE._replace(mine=False), 1]),
    ],
)  # fmt: skip
def test_rule(rule: str, limit: Value, inside: list[Value], outside: list[Value]) -> None:
    assert [holds(Rule(rule, limit), Found(value), matches, False) for value in inside] == [True] * len(inside)
    assert [holds(Rule(rule, limit), Found(value), matches, False) for value in outside] == [False] * len(outside)
    assert holds(Rule(rule, limit), Absent(), matches, False) is (rule == "absent")


def test_unchanged_and_absence() -> None:
    assert holds(Rule("unchanged", True), Found("x"), matches, True)
    assert not holds(Rule("unchanged", True), Found("x"), matches, False)
    assert holds(Rule("exists", False), Absent(), matches, False)
    with pytest.raises(ValueError, match="does not know"):
        holds(Rule("newer_rule", 1), Found(1), matches, False)


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
    with pytest.raises(BadInput):
        parse_key(text)


@pytest.mark.parametrize(
    "text",
    ["settings.a", 'settings."a b".c', "roles.active", "file:kube", "file:kube#contexts[name=pr].cluster", "file:x#a[0].b",
     "env:X", "cwd", "git:branch", "here:package.json#name"],
)  # fmt: skip
def test_good_keys_are_read(text: str) -> None:
    assert parse_key(text).text == text
