"""What the Journal screen says of each kind of event."""

import re
from pathlib import Path

import pytest

from keybound.custody.application.event_words import event_words
from keybound.stores.journal.journal import Event

KINDS = set(
    re.findall(
        r"(?:Change|Draft)\(\s*\"([a-z-]+)\"",
        "".join(path.read_text() for path in Path(__file__).parents[2].joinpath("app").rglob("*.py")),
    )
)


def event(kind: str, **detail: object) -> Event:
    by = {"program": "/usr/bin/make"}
    return Event(1, "2026-05-20T14:08:11+00:00", kind, "a/b", by, detail, "", "")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_that_the_program_writes_has_words(kind: str) -> None:
    told: dict[str, object] = {"why": "flags.a is true"} if kind == "expired" else {"lost": ["repo:read"]}
    assert event_words(event(kind, **told)) != ""


def test_words() -> None:
    assert {"added", "expired", "released", "profile"} <= KINDS
    assert event_words(event("released", way="exec")) == "to a command: make"
    assert event_words(event("released", way="copy")) == "to the clipboard"
    assert event_words(event("expired", why="flags.a is \x1b[31mtrue")) == "flags.a is \\x1b[31mtrue"
    assert event_words(event("scopes", gained=["a", "b"], lost=["c"])) == "gained a, b; lost c"
    assert event_words(event("profile", sealed=2)) == "its file was saved, 2 tokens approved with it"
