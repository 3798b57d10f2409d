"""``--bind``: every rule and every manner that a profile knows."""

import pytest

from keybound.custody.tokens.binding_text import names, parse_bind
from keybound.domain.errors import BadInputError
from keybound.domain.profile.schema import BINDING_OPTIONS
from keybound.domain.rules.registry import RULES
from keybound.domain.values.readings import Value


@pytest.mark.parametrize(
    ("text", "key", "rules"),
    [
        ("flags.a equals=false", "flags.a", {"equals": False}),
        ("flags.a equals=false outside=suspend", "flags.a", {"equals": False, "outside": "suspend"}),
        ('flags.a equals=false grace="10m"', "flags.a", {"equals": False, "grace": "10m"}),
        ("flags.a equals=false grace=10m inside=warn", "flags.a", {"equals": False, "grace": "10m", "inside": "warn"}),
        ('file:k#"a b".c one_of=["x y", "z"]', 'file:k#"a b".c', {"one_of": ["x y", "z"]}),
        (r"settings.u matches=https?://[a-z ]+", "settings.u", {"matches": r"https?://[a-z ]+"}),
        ('settings.v min={ semver = "1.2.0" }', "settings.v", {"min": {"semver": "1.2.0"}}),
        ("settings.a equals=word", "settings.a", {"equals": "word"}),
    ],
)
def test_what_is_read(text: str, key: str, rules: dict[str, Value]) -> None:
    assert parse_bind(text) == (key, rules)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("flags.a", "needs a rule"),
        ("flags.a outside=warn", "needs a rule"),
        ("flags.a equal=1", "cannot read"),
        ("flags.a equals=1 equals=2", "given twice"),
        ("flags.a equals=1 outside=explode", "not a reaction"),
        ("flags.a equals=1 grace=soon", "not a duration"),
        ("flags.a equals=two words", "two words"),
        ("nope.a equals=1", "unknown key"),
    ],
)
def test_what_is_refused(text: str, why: str) -> None:
    with pytest.raises(BadInputError, match=why):
        parse_bind(text)


def test_every_rule_and_manner_is_known() -> None:
    assert set(names()) == set(RULES) | set(BINDING_OPTIONS)
