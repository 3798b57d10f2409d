"""The digest of a bound configuration: as the page tells it, and another one for every other configuration."""

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from keybound.domain.errors import BadInputError
from keybound.domain.profile.definition import Token
from keybound.domain.profile.inherit import effective
from keybound.domain.seal.config_digest import bound_keys, config_digest
from keybound.domain.values.canonical import encode
from keybound.domain.values.readings import Absent, FileContent, Found, Read, Reading, Unreadable, Value

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


def token_of(profile: str, keys: Iterable[str]) -> Token:
    table: dict[str, Value] = {"env": "T", "bound": {key: {"exists": True} for key in keys}}
    return effective([profile], ["p.toml"], [{"tokens": {"t": table}}]).tokens["t"]


def digest(readings: dict[str, Reading], profile: str = "p") -> str:
    found = {key: Read(reading, f"/somewhere/{profile}", 1) for key, reading in readings.items()}
    return config_digest(token_of(profile, readings), found)


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
    values: list[Value] = [
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


def test_the_keys_are_told_in_order() -> None:
    assert bound_keys(token_of("p", ["settings.b", "file:f#a", "settings.a"])) == [
        "file:f#a",
        "settings.a",
        "settings.b",
    ]
