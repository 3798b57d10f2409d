"""The quick JSON: the same texts and values as ``json``, and one kind of error for anything else."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from keybound.domain.quick_json import dumps, loads

_scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(), st.text(st.characters())
)
_values = st.recursive(
    _scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=5), inner, max_size=4)),
    max_leaves=12,
)


@given(_values)
@example([float("inf"), -float("inf"), 1e300, -0.0])
def test_the_same_text_and_value_as_json(value: Any) -> None:
    for sort in (False, True):
        text = json.dumps(value, separators=(",", ":"), sort_keys=sort)
        assert dumps(value, sort=sort) == text
        assert loads(text) == value


@given(_values, st.sampled_from([None, 0, 2, "\t"]))
def test_a_text_that_another_hand_laid_out_is_read_too(value: Any, indent: "int | str | None") -> None:
    assert loads(json.dumps(value, indent=indent, ensure_ascii=False) + " \t\r\n") == value


def test_nan_is_read_and_written_as_json_does() -> None:
    assert dumps(float("nan")) == json.dumps(float("nan"))
    assert loads("NaN") != loads("NaN")


def test_a_tuple_is_a_list_and_order_is_kept_unless_sorted() -> None:
    assert dumps({"b": (1, 2), "a": ()}) == '{"b":[1,2],"a":[]}'
    assert dumps({"b": {"d": 1, "c": 2}, "a": [{"f": 1, "e": 2}]}, sort=True) == (
        '{"a":[{"e":2,"f":1}],"b":{"c":2,"d":1}}'
    )


@given(st.one_of(st.text(), st.text(alphabet='{}[]",:0123456789eE+-. \\ntrufalsu')))
def test_whatever_comes_in_is_a_value_or_a_value_error(text: str) -> None:
    try:
        found = loads(text)
    except ValueError:
        return
    assert found == json.loads(text) or found != found


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "{",
        "[1",
        '{"a"}',
        '{"a":1,}',
        '"a\nb"',
        "1 2",
        "{}x",
        "[" * 100_000,
        '{"a":' * 100_000,
        "[" * 100_000 + "]" * 100_000,
        "9" * 5000,
        "\ufeff1",
        "\\ud800",
    ],
    ids=lambda text: f"{text[:8]!r}",
)
def test_junk_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # what it says is not shown to anybody
        loads(text)


@pytest.mark.parametrize("value", [b"bytes", {1, 2}, object(), [b""], {"a": 1j}])
def test_what_has_no_json_is_a_type_error(value: object) -> None:
    with pytest.raises(TypeError, match="no JSON for"):
        dumps(value)
