"""``[[expect]]``: what the guard answers to supposed readings."""

from datetime import UTC, datetime

import pytest

from keybound.custody.evaluation.rule_tools import TOOLS
from keybound.domain.guard.scenario import misses
from keybound.domain.profile.inherit import effective
from keybound.domain.profile.schema import check_table
from keybound.domain.values.readings import Value
from keybound.domain.verdict.states import State

NOW = datetime(2026, 5, 17, 12, tzinfo=UTC)
Table = dict[str, Value]
PROFILE: Table = {
    "flags": {"beta": False, "other": False},
    "roles": {"active": ["deployer"], "grants": {"deployer": ["repo:read"]}},
    "settings": {"region": "eu"},
    "files": {"kube": "~/kube.yaml", "npmrc": "~/.npmrc"},
    "tokens": {
        "github": {
            "env": "T",
            "scopes": ["repo:read"],
            "ttl": "30d",
            "bound": {
                "flags.beta": {"equals": False, "outside": "suspend"},
                "flags.other": {"unchanged": True, "outside": "warn"},
                "settings.region": {"one_of": ["eu", "us"], "inside": "warn"},
                "file:kube#current-context": {"equals": "staging"},
                "file:npmrc": {"mode_at_most": "0600", "outside": "warn"},
                "env:AWS_PROFILE": {"equals": "staging"},
            },
        }
    },
}


@pytest.mark.parametrize(
    ("when", "state"),
    [
        ({}, "active"),
        ({"flags.beta": True}, "suspended"),
        ({"flags.other": True}, "warning"),
        ({"settings.region": "us"}, "warning"),
        ({"settings.region": "asia"}, "expired"),
        ({"settings.region": {"absent": True}}, "expired"),
        ({"settings.region": {"unreadable": True}}, "suspended"),
        ({"roles.active": []}, "expired"),
        ({"roles.active": ["deployer", "more"]}, "active"),
        ({"file:kube#current-context": "prod"}, "expired"),
        ({"file:kube#current-context": "staging"}, "active"),
        ({"file:npmrc": {"mode": "0644"}}, "warning"),
        ({"file:npmrc": {"mode": "0600"}}, "active"),
        ({"env:AWS_PROFILE": "prod"}, "suspended"),
        ({"now": datetime(2026, 6, 15, tzinfo=UTC)}, "warning"),
        ({"now": datetime(2026, 7, 1, tzinfo=UTC)}, "expired"),
    ],
)
def test_when_and_then(when: Table, state: str) -> None:
    others = [one for one in ("active", "warning", "suspended", "expired") if one != state]
    expects: list[Value] = [{"when": when, "then": {"github": one}} for one in [state, *others]]
    table: Table = {**PROFILE, "expect": expects}
    check_table(table)
    found = list(misses(effective(["p"], ["/p.toml"], [table]), TOOLS, NOW))
    assert [one.number for one in found] == [1, 2, 3]
    assert all(one.got is not None and one.got.word == state for one in found)


def test_an_expectation_of_a_token_that_is_not_there_is_a_miss() -> None:
    table: Table = {**PROFILE, "expect": [{"when": {}, "then": {"gitlab": "active"}}]}
    (miss,) = misses(effective(["p"], ["/p.toml"], [table]), TOOLS, NOW)
    assert (miss.got, miss.wanted) == (None, State.ACTIVE)
