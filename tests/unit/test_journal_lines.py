"""A line of the journal that is not an event is none, whatever its fields are."""

import json

import pytest

from keybound.stores.journal.journal import parsed

GOOD: dict[str, object] = {
    "seq": 1,
    "at": "2026-11-01T00:00:00.000+00:00",
    "kind": "added",
    "id": "p/t",
    "by": {},
    "detail": {},
    "prev": "",
    "hash": "0",
}


def test_an_event() -> None:
    event = parsed(json.dumps(GOOD))
    assert event is not None
    assert event._asdict() == GOOD


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("at", "2026-11-01T00:C0.000+00:00"),
        ("at", "2026-11-01T00:00:00"),
        ("at", 7),
        ("seq", "1"),
        ("seq", True),
        ("seq", 1.0),
        ("by", []),
        ("detail", "x"),
        ("kind", None),
        ("id", 3),
        ("prev", {}),
        ("hash", 0),
        ("more", 1),
    ],
)
def test_what_is_none(field: str, value: object) -> None:
    assert parsed(json.dumps({**GOOD, field: value})) is None


@pytest.mark.parametrize("text", ["", "[]", "7", "{}", "[" * 100_000, '{"seq":1'])
def test_what_is_no_table(text: str) -> None:
    assert parsed(text) is None
