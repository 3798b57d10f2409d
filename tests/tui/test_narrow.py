"""A narrow terminal: what is shown is whole, and where one is stands in the header."""

import re

import pytest

from keybound.custody.view_models.overview import Overview
from keybound.domain.verdict.states import State
from keybound.tui.frame.header import Header
from keybound.tui.frame.tabs import TABS
from support.sample_service import OVERVIEW, SampleService, token
from support.tui import driven

ALL_STATES = OVERVIEW._replace(
    tokens=(
        *OVERVIEW.tokens,
        token("staging/more", "MORE", State.UNAPPROVED),
        *(token(f"staging/t{at}", f"T{at}", State.ACTIVE) for at in range(9)),
    )
)
CALM = OVERVIEW._replace(tokens=(token("staging/one", "ONE"),))


@pytest.mark.parametrize("overview", [OVERVIEW, ALL_STATES, CALM])
@pytest.mark.parametrize("unsaved", [False, True])
async def test_at_every_width_the_header_is_whole_and_says_where_one_is(overview: Overview, unsaved: bool) -> None:
    async with driven(SampleService(overview)) as app:
        header = app.app.main_screen.query_one(Header)
        header.unsaved = ["Profile"] if unsaved else []
        for at, name in enumerate(TABS):
            header.tab = at
            for width in range(32, 100):
                row = "".join(piece.text for piece in header.lines(width)[0])
                assert len(row) <= width
                assert "…" not in re.sub(r" \S*… ▾", "", row), (width, row)
                assert f" {at + 1} {name} " in f"{row} "
                numbers = [row.index(f" {each}") for each in range(1, 6)]
                assert numbers == sorted(numbers), row
                assert not (unsaved and name != "Profile") or "*" in row


async def test_at_forty_columns_what_is_outside_is_counted_beside_its_name() -> None:
    async with driven(size=(40, 20)) as app:
        assert app.shown.split("\n")[0].rstrip() == " 1 Tokens  2 3 4 Drift 3  5 ●3 ▲1 ■1 ×1"


@pytest.mark.parametrize("width", [40, 46, 52, 60, 66])
async def test_a_column_of_the_table_is_whole_or_not_there(width: int) -> None:
    async with driven(size=(width, 20)) as app:
        rows = ["".join(piece.text for piece in row) for row in app.canvas("#table")._lines]
        assert all(len(row) <= app.canvas("#table").usable for row in rows)
        here = next(row for row in rows if "staging" in row)
        assert all(count in re.sub(r"(\S) (\d)", r"\1\2", here) for count in ("●3", "▲1", "■1", "×1")), here
        deploy = next(row for row in rows if "deploy" in row)
        assert ("3/4" in deploy) is ("bounds" in rows[0])
        assert ("23d" in deploy) is ("left" in rows[0])
        assert ("10m" in deploy) is ("used" in rows[0])
