"""The matrix: times are whole or not there, the cursor's column is unbroken, room is used."""

import pytest
from textual.strip import Strip

from keybound.custody.view_models.overview import Overview
from keybound.tui.map.matrix import Matrix
from support.dense_service import DENSE
from support.sample_service import OVERVIEW, SampleService
from support.tui import Driven, driven


def endless(overview: Overview) -> SampleService:
    return SampleService(overview._replace(tokens=tuple(each._replace(expires_at=None) for each in overview.tokens)))


def matrix(app: Driven) -> Matrix:
    return app.app.main_screen.query_one(Matrix)


def lines(app: Driven) -> list[Strip]:
    found = matrix(app)
    return [found.render_line(y) for y in range(found.scrollable_content_region.height)]


async def test_what_never_ends_says_so_whole_or_not_at_all() -> None:
    for overview, count in ((OVERVIEW, 5), (DENSE, 0)):
        async with driven(endless(overview)) as app:
            await app.press("2", "m")
            heads = "".join(strip.text for strip in lines(app)[:4])
            assert (heads.count("never"), heads.count("nev")) == (count, count)


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (200, 40)])
async def test_the_cursors_column_goes_through_headings_and_empty_rows(size: tuple[int, int]) -> None:
    async with driven(SampleService(DENSE), size=size) as app:
        await app.press("2", "m", "right", "right", "right")
        ground = app.app.styled.style("on sel").bgcolor
        rows = [
            {at for at in range(size[0]) if _ground(strip, at) == ground}
            for y, strip in enumerate(lines(app))
            if y >= 2 and not matrix(app).is_here(y)
        ]
        assert rows[0]
        assert [row for row in rows if row != rows[0]] == []


def _ground(strip: Strip, at: int) -> object:
    segment = next(iter(strip.crop(at, at + 1)), None)
    return segment.style.bgcolor if segment and segment.style else None


async def test_wide_columns_show_values_in_full() -> None:
    async with driven(size=(200, 40)) as app:
        await app.press("2", "m")
        assert "https://api.staging.example.com" in app.shown
    async with driven(size=(120, 40)) as app:
        await app.press("2", "m")
        assert "https://api.sta…" in app.shown


async def test_a_click_stands_on_the_cell() -> None:
    async with driven(size=(200, 40)) as app:
        await app.press("2", "m")
        row = app.shown.split("\n")[9]
        assert "×" not in row
        await app.pilot.click(Matrix, offset=(app.shown.split("\n")[5].index("■"), 6))
        await app.settle()
        assert matrix(app).token == "staging/cluster"
