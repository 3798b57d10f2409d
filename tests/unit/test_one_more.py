"""One more of each kind of thing, from outside: defined here, and named in the one table of its kind. It works everywhere."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from keybound.cli.arguments import parser_of
from keybound.cli.completing import candidates
from keybound.custody.binding_text import parse_bind
from keybound.custody.keeper import Keeper
from keybound.custody.tools import boundary_fault
from keybound.domain.file_formats import FORMATS, FileFormat
from keybound.domain.guard import judge
from keybound.domain.json_schema import json_schema
from keybound.domain.keys import Member
from keybound.domain.readings import Found, Read, Value
from keybound.domain.rules.base import Given, RuleKind
from keybound.domain.rules.registry import RULES, rule_fault
from keybound.domain.rules.values import is_list, items
from keybound.domain.seal import definition_digest, definition_record
from keybound.domain.states import State
from keybound.domain.wording import rule_sign, rules_words
from keybound.sources.formats.base import Format, Place
from keybound.sources.formats.reading import parse
from keybound.sources.locate import line_of
from keybound.sources.parse_fault import ParseFault
from support.facts import facts_of, profile_of


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
def keeper(environ: dict[str, str], tmp_path: Path) -> Keeper:
    return Keeper(environ, str(tmp_path))


@pytest.fixture
def rule(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(RULES, "divisible_by", f"{__name__}:DIVISIBLE_BY")
    return "divisible_by"


def test_a_rule(rule: str, keeper: Keeper) -> None:
    key, rules = parse_bind("settings.replicas divisible_by=[2, 3] outside=suspend")
    profile = profile_of({"bound": {key: rules}})
    one = profile.tokens["t"].bindings[0]
    assert (rules_words(one.rules), rule_sign(one.rules)) == ("divisible by 2, 3", "÷")
    verdicts = [judge(facts_of(profile, {key: Read(Found(value), "/p", 0)})) for value in (12, 8)]
    assert [one.state for one in verdicts] == [State.ACTIVE, State.SUSPENDED]
    assert "settings.replicas is 8, bound to divisible by 2, 3" in verdicts[1].why

    assert rule_fault(rule, "six") == "divisible_by takes a list of numbers"
    assert boundary_fault({rule: [0], "outside": "warn"}) == "nothing divides by zero"
    turned = profile_of({"bound": {key: {**rules, rule: [3, 2]}}})
    assert len({definition_digest(definition_record(each.tokens["t"], each)) for each in (profile, turned)}) == 1

    boundary = json.loads(json_schema("profile"))["properties"]["tokens"]["additionalProperties"]["properties"]["bound"]
    assert boundary["additionalProperties"]["properties"][rule] == DIVISIBLE_BY.schema
    assert list(candidates(keeper, ["bind", "p/t", key, "div"])) == ["divisible_by="]


def _arrows(text: str) -> Value:
    data: dict[str, Value] = {}
    for name, value, _ in _lines(text):
        data[name] = value
    return data


def _lines(text: str) -> Iterator[tuple[str, str, int]]:
    for number, one in enumerate(text.splitlines(), 1):
        name, arrow, value = one.partition(" -> ")
        if not arrow:
            raise ParseFault("it is not NAME -> value", number)
        yield name, value, number


def _place(text: str, names: Sequence[str]) -> Place | None:
    return next(((number, 1) for name, _, number in _lines(text) if [name] == names), None)


def is_arrows(text: str) -> bool:
    return text.startswith("-> -> ")


ARROWS = Format(_arrows, _place)


@pytest.fixture
def file_format(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(FORMATS, "arrows", FileFormat(f"{__name__}:ARROWS", ("*.arrows",), f"{__name__}:is_arrows"))
    return "arrows"


def test_a_file_format(file_format: str, keeper: Keeper) -> None:
    assert parse("/x/a.arrows", b"b -> 1\na -> 2\n") == {"b": "1", "a": "2"}
    assert parse("/x/a", b"-> -> 1\n") == {"->": "1"}
    assert parse("/x/a.toml", b"a -> 2", file_format) == {"a": "2"}
    assert line_of("/x/a.arrows", "b -> 1\na -> 2\n", [Member("a")]) == (2, 1)
    with pytest.raises(ParseFault, match="->"):
        parse("/x/a.arrows", b"nothing")

    profile_of({}, files={"x": {"path": "/x/a", "format": file_format}})
    told = json.loads(json_schema("profile"))["properties"]["files"]["additionalProperties"]["anyOf"]
    assert file_format in next(one for one in told if "properties" in one)["properties"]["format"]["enum"]
    assert list(candidates(keeper, ["file", "x", "/x/a", "--format", "ar"])) == [file_format]
    assert "dotenv,arrows}" in "".join(parser_of("file").format_help().split())


def test_they_were_added_from_outside() -> None:
    assert rule_fault("divisible_by", [2]) == "no rule is called divisible_by"
    assert "arrows" not in json_schema("profile")
