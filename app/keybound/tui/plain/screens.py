"""Print one screen as plain lines. Nothing is told by place or colour: every state has its word."""

import os
from collections.abc import Callable, Iterator
from typing import NamedTuple

from keybound.custody.view_models.service import AppService
from keybound.domain.errors import BadInputError
from keybound.domain.registry import load
from keybound.tui.ascii_mode import ascii_text, wants_ascii
from keybound.tui.plain.text import Text, folded

SCREENS = {
    "tokens": ".tokens:lines",
    "map": ".map:lines",
    "profile": ".profile:lines",
    "drift": ".drift:lines",
    "journal": ".journal:lines",
}


class Seen(NamedTuple):
    """What a screen is made from. ``now``: epoch seconds."""

    service: AppService
    now: float


def plain_screen(service: AppService, name: str, width: int, now: float) -> list[str]:
    """The lines of a screen, none wider than ``width`` cells where words can be broken. Raises BadInputError."""
    place = SCREENS.get(name.lower())
    if place is None:
        raise BadInputError(f"no screen is called {name!r}", hint=f"Screens: {', '.join(SCREENS)}.")
    make: Callable[[Seen], Iterator[Text]] = load(place, __package__)
    rows = [row for text in make(Seen(service, now)) for row in folded(text, width)]
    return [ascii_text(row) for row in rows] if wants_ascii(os.environ) else rows
