"""The digest of a bound configuration: as the page tells it, and another one for every other configuration."""

import hashlib
import re
from pathlib import Path

import pytest

from keybound.domain.errors import BadInputError
from keybound.domain.profile.definition import Binding, Token
from keybound.domain.seal.config_digest import bound_keys, config_digest
from keybound.domain.values.canonical import encode
from keybound.domain.values.keys import parse_key
from keybound.domain.values.names import TokenId
from keybound.domain.values.readings import Absent, FileContent, Found, Read, Reading, Unreadable, Value
from keybound.domain.verdict.states import WAYS, Reaction

PAGE = (Path(__file__).parents[2] / "docs" / "minted.md").read_text()
ROWS: dict[str, dict[str, Reading]] = {
    "none": {},
    "`flags.beta_writes` false": {"flags.beta_writes": Found(False)},
    "`flags.beta_writes` true": {"flags.beta_writes": Found(True)},
    '`flags.beta_writes` false, `settings.region` `"eu-west-1"`': {
        "settings.region": Found("eu-west-1"),
        "flags.beta_writes": Found(False),
    },
    "`settings.region` absent": {"settings.region": Absent("why it is")},
}


def digest(readings: dict[str, Reading], profile: str = "p") -> str:
    bindings = tuple(Binding(parse_key(key), (), Reaction.SUSPEND, Reaction.IGNORE) for key in readings)
    token = Token(
        TokenId(profile, "t"), ("T",), "minted", (), None, None, Reaction.SUSPEND, WAYS, (), None, None, False, bindings,
        False, {},
    )  # fmt: skip
    return config_digest(token, {key: Read(reading, f"/somewhere/{profile}", 1) for key, reading in readings.items()})


@pytest.mark.parametrize("row", ROWS)
def test_it_is_as_the_page_tells_it(row: str) -> None:
    assert f"| {row} | `{digest(ROWS[row])}` |" in PAGE


def test_the_page_shows_the_bytes() -> None:
    shown = re.findall(r"`(m\d+:s17:[^`]*)`", PAGE)
    assert shown == [encode({"flags.beta_writes": ["found", False]}).decode()]
    assert hashlib.sha256(b"keybound:config:1\0" + shown[0].encode()).hexdigest() == digest(
        ROWS["`flags.beta_writes` false"]
    )


def test_every_other_configuration_has_another() -> None:
    file = FileContent("a" * 64, 1, 0o600, 0, True)
    values = [
        True,
        False,
        1,
        1.0,
        "1",
        "true",
        "",
        [],
        ["a"],
        ["absent"],
        {},
        {"a": 1},
        file,
        file._replace(digest="b" * 64),
    ]
    found = [digest({"settings.a": Found(value)}) for value in values]
    found += [digest({}), digest({"settings.a": Absent()}), digest({"settings.b": Found(True)})]
    found += [digest({"settings.a": Found(True), "settings.b": Absent()})]
    assert len(set(found)) == len(found)


def test_where_it_is_computed_makes_no_difference() -> None:
    readings: dict[str, Reading] = {"settings.a": Found(1), "file:f": Found(FileContent("a" * 64, 1, 0o600, 0, True))}
    moved: dict[str, Reading] = {"file:f": Found(FileContent("a" * 64, 1, 0o644, 7, False)), "settings.a": Found(1)}
    assert digest(readings) == digest(moved, "q")


def test_what_is_unknown_has_none() -> None:
    for reading, words in (
        (Unreadable("no permission"), "settings.a cannot be read: no permission"),
        (Found(float("nan")), "nan"),
    ):
        with pytest.raises(BadInputError, match=words):
            digest({"settings.a": reading})


def test_a_key_that_is_bound_twice_counts_once() -> None:
    key = parse_key("settings.a")
    token = Token(
        TokenId("p", "t"), ("T",), "minted", (), None, None, Reaction.SUSPEND, WAYS, (), None, None, False,
        (Binding(key, (), Reaction.SUSPEND, Reaction.IGNORE),) * 2, False, {},
    )  # fmt: skip
    assert bound_keys(token) == ["settings.a"]
