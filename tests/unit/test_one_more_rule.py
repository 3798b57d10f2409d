"""One more rule of a boundary, from outside: one row of its table. It is read, judged, worded and told everywhere."""

import json
from pathlib import Path

import pytest

from keybound.cli.verbs.shells.completion import candidates
from keybound.custody.context.context import Context
from keybound.custody.evaluation.rule_tools import boundary_fault
from keybound.custody.tokens.binding_text import parse_bind
from keybound.domain.guard.guard import judge
from keybound.domain.profile.json_schema import json_schema
from keybound.domain.rules.base import Given, RuleKind
from keybound.domain.rules.registry import RULES, rule_fault
from keybound.domain.rules.values import is_list, items
from keybound.domain.seal.seal import definition_digest, definition_record
from keybound.domain.values.readings import Found, Read, Value
from keybound.domain.verdict.states import State
from keybound.domain.verdict.wording import rule_sign, rules_words
from support.inputs import inputs_of, profile_of


@pytest.fixture
def context(environ: dict[str, str], tmp_path: Path) -> Context:
    return Context(environ, str(tmp_path))


def _divides(value: Value, limit: Value, given: Given) -> bool:
    numbers = [one for one in items(limit) if isinstance(one, int)]
    if 0 in numbers:
        raise ValueError("nothing divides by zero")
    return isinstance(value, int) and all(value % number == 0 for number in numbers)


DIVISIBLE_BY = RuleKind(
    takes="a list of numbers",
    fits=lambda value: is_list(value) and all(isinstance(one, int) for one in items(value)),
    schema={"type": "array", "items": {"type": "integer"}},
    inside=_divides,
    words="divisible by {}",
    sign="÷",
    unordered=True,
)


@pytest.fixture
def rule(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(RULES, "divisible_by", f"{__name__}:DIVISIBLE_BY")
    return "divisible_by"


def test_a_rule(rule: str, context: Context) -> None:
    key, rules = parse_bind("settings.replicas divisible_by=[2, 3] outside=suspend")
    profile = profile_of({"bound": {key: rules}})
    one = profile.tokens["t"].bindings[0]
    assert (rules_words(one.rules), rule_sign(one.rules)) == ("divisible by 2, 3", "÷")
    verdicts = [judge(inputs_of(profile, {key: Read(Found(value), "/p", 0)})) for value in (12, 8)]
    assert [one.state for one in verdicts] == [State.ACTIVE, State.SUSPENDED]
    assert "settings.replicas is 8, bound to divisible by 2, 3" in verdicts[1].why

    assert rule_fault(rule, "six") == "divisible_by takes a list of numbers"
    assert boundary_fault({rule: [0], "outside": "warn"}) == "nothing divides by zero"
    turned = profile_of({"bound": {key: {**rules, rule: [3, 2]}}})
    assert len({definition_digest(definition_record(each.tokens["t"], each)) for each in (profile, turned)}) == 1

    boundary = json.loads(json_schema("profile"))["properties"]["tokens"]["additionalProperties"]["properties"]["bound"]
    assert boundary["additionalProperties"]["properties"][rule] == DIVISIBLE_BY.schema
    assert list(candidates(context, ["bind", "p/t", key, "div"])) == ["divisible_by="]


def test_it_was_added_from_outside() -> None:
    assert rule_fault("divisible_by", [2]) == "unknown rule divisible_by"
