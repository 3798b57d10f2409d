"""Each picture: which keys lead to it, and its SVG."""

import asyncio
import os
import re
import time
from collections.abc import Sequence
from pathlib import Path
from unittest.mock import patch

from textual.widgets import Input

from support.sample_service import SampleService
from support.tui import driven

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
WIDE, SMALL = (120, 40), (80, 24)
CELL = 12.2  # pixels of a column in these pictures
PICTURES: dict[str, tuple[tuple[int, int], Sequence[str]]] = {
    "tokens": (WIDE, ()),
    "map": (WIDE, ("2", "down", "right")),
    "profile": (WIDE, ("3", "f6", "down", "down", "space", "f6", "f6")),
    "drift": (WIDE, ("4",)),
    "switch": (SMALL, ("p",)),
    "add": (SMALL, ("a",)),
}


def make(name: str) -> str:
    """A picture's SVG."""
    with patch.dict(os.environ, {"TZ": "UTC"}):
        os.environ.pop("NO_COLOR", None)
        time.tzset()
        return asyncio.run(_made(*PICTURES[name]))


async def _made(size: tuple[int, int], keys: Sequence[str]) -> str:
    async with driven(SampleService(), size=size) as app:
        await app.press(*keys)
        await app.pilot.pause(0.5)  # plans and dialogs come from workers
        await app.settle()
        for box in app.app.screen.query(Input):
            box._pause_blink()
        return _plain(app.app.export_screenshot(title="keybound"))


def _plain(svg: str) -> str:
    """Without fonts from elsewhere, and with every text where it begins: some viewers drop blanks before it."""
    svg = (
        re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL)
        .replace("Fira Code,", "")
        .replace("Fira Code", "monospace")
    )
    svg = svg.replace("font-size: 20px", "font-size: 20.333px")  # 0.6 em is a column then
    return re.sub(r'x="([\d.]+)" (y="[\d.]+") textLength="([\d.]+)"([^>]*)>((?:&#160;)+)(?=[^<&])', _begun, svg)


def _begun(found: re.Match[str]) -> str:
    x, y, length, rest, blanks = found.groups()
    aside = len(blanks) // len("&#160;") * CELL
    return f'x="{float(x) + aside:g}" {y} textLength="{float(length) - aside:g}"{rest}>'
