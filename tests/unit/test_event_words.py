"""What the Journal screen says of each kind of event."""

import pytest

from keybound.custody.application.event_words import event_words
from keybound.domain.values.event_kinds import EventKind
from keybound.stores.journal.journal import Event

WITH_REASON = (EventKind.EXPIRED, EventKind.GRACE)


def event(kind: str, **detail: object) -> Event:
    by = {"program": "/usr/bin/make"}
    return Event(1, "2026-05-20T14:08:11+00:00", kind, "a/b", by, detail, "", "")


@pytest.mark.parametrize("kind", [kind for kind in EventKind if kind is not EventKind.INTENT])
def test_every_kind_that_is_shown_has_words(kind: EventKind) -> None:
    told: dict[str, object] = {"why": "flags.a is true"} if kind in WITH_REASON else {"lost": ["repo:read"]}
    assert event_words(event(kind, **told)) != ""


def test_words() -> None:
    assert event_words(event("released", way="exec")) == "to a command: make"
    assert event_words(event("released", way="copy")) == "to the clipboard"
    assert event_words(event("expired", why="flags.a is \x1b[31mtrue")) == "flags.a is \\x1b[31mtrue"
    assert event_words(event("scopes", gained=["a", "b"], lost=["c"])) == "gained a, b; lost c"
    assert event_words(event("profile", sealed=2)) == "its file was saved, 2 tokens approved with it"
