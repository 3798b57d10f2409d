"""The Journal screen: what happened, newest first."""

from collections.abc import Iterator

from keybound.custody.view_models.overview import EventView
from keybound.tui.plain.screens import Seen
from keybound.tui.plain.text import Text
from keybound.tui.words import moment

LIMIT = 500


def lines(seen: Seen) -> Iterator[Text]:
    """One event a line."""
    events = seen.service.journal(LIMIT)
    if not events:
        yield Text("No events yet.")
    for event in events:
        yield Text(_event(event, seen.now))


def _event(event: EventView, now: float) -> str:
    state = f" ({event.state.word})" if event.state is not None and event.state.word != event.kind else ""
    said = f": {event.text}" if event.text else ""
    by = f"; by {event.by}" if event.by else ""
    return f"{moment(event.at, now)}, {event.kind} {event.id}{state}{said}{by}".rstrip()
