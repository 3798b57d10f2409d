"""Governance rules: each one kept and broken once."""

from datetime import UTC, datetime

import pytest

from keybound.domain.profile.definition import Profile
from keybound.domain.profile.inherit import effective
from keybound.domain.profile.policy import policy_of, violations
from keybound.domain.profile.schema import check_table
from keybound.domain.profile.shapes import TableError
from keybound.domain.values.readings import Value
from keybound.domain.verdict.states import Reaction

NOW = datetime(2026, 5, 17, 12, tzinfo=UTC)
Table = dict[str, Value]


def profile_of(token: Table, name: str = "production") -> Profile:
    table: Table = {"tokens": {"t": {"env": "T", "kind": "github", **token}}}
    check_table(table)
    return effective([name], [f"/{name}.toml"], [table])


BOUND: Table = {"bound": {"settings.url": {"equals": "x"}, "env:A": {"equals": "a"}}}


@pytest.mark.parametrize(
    ("rules", "token", "broken"),
    [
        ({"kinds": {"github": {"longest_ttl": "30d"}}}, {"ttl": "30d"}, []),
        ({"kinds": {"github": {"longest_ttl": "30d"}}}, {"ttl": "31d"}, ["longest_ttl"]),
        ({"kinds": {"github": {"longest_ttl": "30d"}}}, {}, ["longest_ttl"]),
        ({"kinds": {"gitlab": {"longest_ttl": "30d"}}}, {}, []),
        ({"kinds": {"*": {"longest_ttl": "30d"}}}, {}, ["longest_ttl"]),
        ({"kinds": {"github": {"longest_ttl": "30d"}}}, {"expires": datetime(2026, 6, 1, tzinfo=UTC)}, []),
        ({"kinds": {"github": {"longest_ttl": "30d"}}}, {"expires": datetime(2026, 7, 1, tzinfo=UTC)}, ["longest_ttl"]),
        ({"kinds": {"github": {"scopes_declared": True}}}, {"scopes": ["a"]}, []),
        ({"kinds": {"github": {"scopes_declared": True}}}, {}, ["scopes_declared"]),
        ({"kinds": {"github": {"bound_to": ["settings.url"]}}}, BOUND, []),
        ({"kinds": {"github": {"bound_to": ["settings.*"]}}}, BOUND, []),
        ({"kinds": {"github": {"bound_to": ["settings.host"]}}}, BOUND, ["bound_to"]),
        ({"profiles": {"production": {"forbidden_scopes": ["admin:*"]}}}, {"scopes": ["repo:read"]}, []),
        (
            {"profiles": {"production": {"forbidden_scopes": ["admin:*"]}}},
            {"scopes": ["admin:org"]},
            ["forbidden_scopes"],
        ),
        ({"profiles": {"production": {"forbidden_scopes": ["admin:org"]}}}, {"scopes": ["*"]}, ["forbidden_scopes"]),
        ({"profiles": {"staging": {"forbidden_scopes": ["admin:*"]}}}, {"scopes": ["admin:org"]}, []),
        ({"profiles": {"prod*": {"least_reaction": "expire"}}}, BOUND, []),  # a context key suspends at most
        ({"profiles": {"prod*": {"least_reaction": "expire"}}}, {"outside": "warn", **BOUND}, ["least_reaction"] * 3),
        ({"profiles": {"prod*": {"least_reaction": "suspend"}}}, {"grace": "1h", **BOUND}, ["least_reaction"]),
        ({"profiles": {"production": {"release": ["exec"]}}}, {"release": ["exec"]}, []),
        ({"profiles": {"production": {"release": ["exec"]}}}, {}, ["release"]),
        ({"owners_required": True}, {}, ["owners_required"]),
        ({"owners_required": True, "profiles": {"*": {"owners": ["ada"]}}}, {}, []),
    ],
)
def test_each_rule(rules: Table, token: Table, broken: list[str]) -> None:
    found = violations(policy_of(rules), profile_of(token), NOW)
    assert [one.rule for one in found] == broken
    assert all(one.keypath[0] == "tokens" and one.profile == "production" for one in found)


@pytest.mark.parametrize(
    ("table", "keypath"),
    [
        ({"kinds": {"github": {"longest": "30d"}}}, ("kinds", "github", "longest")),
        ({"kinds": {"github": {"longest_ttl": "soon"}}}, ("kinds", "github", "longest_ttl")),
        ({"outside": "explode"}, ("outside",)),
        ({"profiles": {"p": {"release": ["post"]}}}, ("profiles", "p", "release")),
        ({"schema": 2}, ("schema",)),
    ],
)
def test_a_typo_is_an_error_at_its_key(table: Table, keypath: tuple[str, ...]) -> None:
    with pytest.raises(TableError) as fault:
        policy_of(table)
    assert fault.value.keypath == keypath


def test_the_default_reaction_is_the_policys_only_where_nothing_nearer_says_one() -> None:
    table: Table = {
        "tokens": {
            "plain": {"env": "A", "bound": {"flags.a": {"equals": True}}},
            "own": {"env": "B", "outside": "expire", "bound": {"flags.a": {"equals": True}}},
        }
    }
    tokens = effective(["p"], ["/p.toml"], [table], Reaction.WARN).tokens
    assert [tokens[name].bindings[0].outside for name in ("plain", "own")] == [Reaction.WARN, Reaction.EXPIRE]
