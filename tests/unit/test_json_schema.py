"""The published schemas, and what the parser takes: they never refuse what it reads."""

from datetime import datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keybound.domain.profile.json_schema import SHAPES, json_schema, schema_file
from keybound.domain.profile.policy import policy_of
from keybound.domain.profile.schema import PROFILE, check_table
from keybound.domain.profile.shapes import TableError
from keybound.domain.rules.registry import RULES, rule_fault
from keybound.sources.profile_text import read_profile_table
from support.rounds import rounds

DOCS = Path(__file__).parents[2] / "docs" / "schema"
EXAMPLE = (Path(__file__).parent / "example.toml").read_text()


def as_json(value: Any) -> Any:
    """A table as an editor's TOML plugin hands it to a schema: times are texts."""
    if isinstance(value, dict):
        return {name: as_json(item) for name, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, datetime) else value


def accepts(name: str, table: Any) -> bool:
    import json

    return jsonschema.Draft202012Validator(json.loads(json_schema(name))).is_valid(as_json(table))


@pytest.mark.parametrize("name", SHAPES)
def test_what_is_published_is_what_the_parser_has(name: str) -> None:
    assert (DOCS / schema_file(name)).read_text() == json_schema(name), f"keybound docs --schema {name} > docs/schema/…"


def test_the_whole_example_of_the_guide_passes_both() -> None:
    table = read_profile_table(EXAMPLE, "example.toml")
    check_table(table)
    assert accepts("profile", table)


@pytest.mark.parametrize(
    "text",
    [
        "flagz = {}",
        "schema = 2",
        "[flags]\na = 1",
        "[tokens.A]\nenv = 'T'",
        "[tokens.t]\nscopes = 'a'",
        "[tokens.t]\nttl = 'soon'",
        "[tokens.t]\nttl = '1d'\nexpires = 2027-01-01T00:00:00Z",
        "[tokens.t]\noutside = 'explode'",
        "[tokens.t]\nrefresh = { before = '7d' }",
        "[tokens.t.bound]\n'flags.a' = { equal = true }",
        "[tokens.t.bound]\n'flags.a' = {}",
        "[tokens.t.bound]\n'flags.a' = { one_of = 1 }",
        "[tokens.t.bound]\n'file:x' = { mode_at_most = '9' }",
        "[[expect]]\nthen = { t = 'fine' }",
        "[roles]\nactiv = []",
    ],
)
def test_both_refuse_the_same_mistakes(text: str) -> None:
    table = read_profile_table(text, "p.toml")
    with pytest.raises(TableError):
        check_table(table)
    assert not accepts("profile", table)


_words = st.sampled_from(
    [
        "schema",
        "flags",
        "tokens",
        "t",
        "env",
        "bound",
        "flags.a",
        "equals",
        "outside",
        "expire",
        "ttl",
        "1d",
        "kinds",
        "expect",
    ]
)
_values = st.recursive(
    st.one_of(st.booleans(), st.integers(0, 2), _words, st.lists(_words, max_size=2)),
    lambda inner: st.dictionaries(_words, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=rounds(150, 30), deadline=None)
@given(st.dictionaries(_words, _values, max_size=3))
def test_the_schema_never_refuses_what_the_parser_takes(table: dict[str, Any]) -> None:
    for name, check in (("profile", lambda one: PROFILE.check((), one)), ("policy", policy_of)):
        try:
            check(table)
        except TableError:
            continue
        assert accepts(name, table)


@pytest.mark.parametrize("name", RULES)
def test_every_rule_of_the_schema_is_a_rule(name: str) -> None:
    assert "unknown rule" not in rule_fault(name, None)
