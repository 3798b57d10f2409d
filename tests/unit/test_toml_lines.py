"""Lines of keys in TOML: found in one pass, and right or not known."""

import tomllib

import pytest

from keybound.sources.formats.toml_lines import toml_lines
from keybound.sources.parse_fault import ParseError
from support.steps import counted

TEXT = """a = 1
b.c = 2

[t]
x = { y = 1, "z w" = { v = 2 } }
list = [
  [1],
  2,
]
text = \"\"\"
[fake]
x = 1
\"\"\"
last = true

[[many]]
n = 1
[[many]]
n = 2

[deep.er]
k = 1
"""


@pytest.mark.parametrize(
    ("names", "place"),
    [
        ("a", (1, 1)),
        ("b.c", (2, 1)),
        ("b", (2, 1)),
        ("t", (4, 1)),
        ("t.x", (5, 1)),
        ("t.x.y", (5, 7)),
        ("t.x.z w", (5, 14)),
        ("t.list", (6, 1)),
        ("t.last", (14, 1)),
        ("fake", None),
        ("fake.x", None),
        ("many.0.n", (17, 1)),
        ("many.1.n", (19, 1)),
        ("deep", (21, 1)),
        ("deep.er.k", (22, 1)),
        ("nothing", None),
    ],
)
def test_places(names: str, place: "tuple[int, int] | None") -> None:
    assert toml_lines(TEXT).place(names.split(".")) == place


def test_what_is_no_toml_has_no_lines() -> None:
    with pytest.raises(ParseError):
        toml_lines("a = = 1")


def test_after_a_value_too_long_to_measure_nothing_is_known() -> None:
    text = "a = [" + "1, " * 20_000 + "\n[1]\n]\n[b]\nc = 1\n"
    text = text.replace("\n[1]\n]", "\n1\n]")
    found = toml_lines(text)
    assert found.place(["a"]) == (1, 1)
    assert found.place(["b", "c"]) is None


def _steps(tokens: int) -> int:
    text = "".join(
        f'[tokens.t{at}]\nenv = "T{at}"\n[tokens.t{at}.bound]\n"k{at}" = {{ equals = 1 }}\n' for at in range(tokens)
    )
    with counted() as steps:
        for at in range(tokens):
            assert toml_lines(text).place(["tokens", f"t{at}"]) == (4 * at + 1, 1)
    return steps.count


def test_ten_times_the_keys_are_at_most_twelve_times_the_work() -> None:
    assert _steps(1_000) <= 12 * _steps(100)


@pytest.mark.parametrize(
    "value",
    ['"""a [ \n z = 1"""', "'''{\nz = 1'''", '[ # ]\n"z = 1"]', '["]", \n"z = 1"]', "['[', # ]\n'z = 1']", '{ b = "}" }'],
)  # fmt: skip
def test_the_end_of_a_value_is_where_it_parses(value: str) -> None:
    text = f"a = {value}\nlast = 2\n"
    tomllib.loads(text)
    assert toml_lines(text).place(["last"]) == (text.count("\n"), 1)
    assert toml_lines(text).place(["z"]) is None
