"""Many tokens: the map draws the lines of what is lit, lists make the rows that are seen, nothing grows out of hand."""

from dataclasses import replace

import pytest

from keybound.custody.view_models.overview import Overview
from keybound.domain.verdict.states import State
from keybound.tui.map import sheet
from keybound.tui.map.canvas import MapCanvas
from keybound.tui.map.layout import MOST_TRUNKS, lay_out
from keybound.tui.map.light import Light
from keybound.tui.map.matrix import Matrix
from keybound.tui.map.model import model_of
from keybound.tui.map.scene import Scene, Viewpoint
from keybound.tui.map.sheet import Sheet
from keybound.tui.map.spotlight import Spotlight, spotlight
from keybound.tui.map.strokes import Arm
from keybound.tui.tokens import grouping
from keybound.tui.tokens.table import TokenTable
from support.big_service import big
from support.sample_service import SampleService
from support.steps import counted
from support.tui import driven


class Counting:
    """Counts calls of a method, and passes them on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, owner: object, name: str) -> None:
        self.count, real = 0, getattr(owner, name)

        def counted(*words: object, **named: object) -> object:
            self.count += 1
            return real(*words, **named)

        monkeypatch.setattr(owner, name, counted)


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_the_map_of_many_tokens_draws_what_is_lit(size: tuple[int, int]) -> None:
    async with driven(SampleService(big(300, 90)), size=size) as app:
        await app.press("2")
        assert "The whole map" in app.shown, "the overview comes first"
        await app.press("enter")
        canvas = app.app.main_screen.query_one(MapCanvas)
        await app.press("right", "enter", "left", "enter", "down")
        assert any("━" in line for line in app.shown.split("\n")[3:20])
        await app.press("right")
        assert canvas.lit.startswith("staging/")
        await app.press("escape", "escape")
        assert not canvas.lit
        assert not any("━" in line for line in app.shown.split("\n")[3:20])


@pytest.mark.parametrize("tokens", [10, 300])
async def test_as_many_rows_are_made_as_are_seen(tokens: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = Counting(monkeypatch, TokenTable, "_row")
    cells = Counting(monkeypatch, Matrix, "_row")
    keys_made, tokens_made = Counting(monkeypatch, sheet, "key_line"), Counting(monkeypatch, sheet, "token_lines")
    async with driven(SampleService(big(tokens, 90)), size=(120, 40)) as app:
        rows.count = 0
        await app.press("down")
        assert rows.count <= 3 * 40
        await app.press("2", "enter", "right", "enter", "left", "enter", "down")
        tokens_made.count = keys_made.count = 0
        await app.press("down")
        assert keys_made.count <= 3 * 40
        assert tokens_made.count <= 3 * 40
        await app.press("m")
        cells.count = 0
        await app.press("down")
        assert cells.count <= 3 * 40


async def test_a_key_takes_as_many_steps_in_a_long_list_as_in_a_short_one() -> None:
    steps = {}
    for tokens in (60, 600):
        async with driven(SampleService(big(tokens, 90)), size=(120, 40)) as app:
            table = app.app.main_screen.query_one(TokenTable)
            table.action_walk(3)
            with counted() as found:
                table.action_walk(1)
            steps[tokens] = found.count
    assert steps[600] <= 1.2 * steps[60], steps


async def test_typing_into_the_filter_sorts_and_counts_nothing_again(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Counting(monkeypatch, grouping, "_group")
    async with driven(SampleService(big(60, 20)), size=(120, 40)) as app:
        assert made.count > 0
        made.count = 0
        await app.press("slash", "s", "t", "a")
        assert "filter sta" in app.shown
        assert made.count == 0


def test_few_tokens_have_all_their_lines_and_many_keep_the_panels_wide() -> None:
    for overview, whole in ((big(MOST_TRUNKS // 2, 200), True), (big(MOST_TRUNKS + 1, 30), False)):
        for width in (60, 80, 120, 200):
            layout = lay_out(scene_of(overview), width, 20)
            assert layout.left + layout.gutter + layout.right == width
            assert layout.right >= 12
        assert lay_out(scene_of(overview), 200, 20).whole is whole


def scene_of(overview: Overview, rows: int = 10**9) -> Scene:
    asked = Viewpoint(model_of(overview, "staging"), rows)
    return asked.scene(asked.bundling())


def _steps(overview: Overview) -> int:
    """Lines of our own code that laying the map out and lighting a key take."""
    with counted() as steps:
        scene = scene_of(overview, 76)
        layout = lay_out(scene, 120, 38)
        lit = spotlight(layout.routes, scene.graph, scene.graph.keys[0], layout.gutter)
        assert lit is not None
        for row in range(38):
            lit.cells(row)
    return steps.count


def test_ten_times_the_tokens_are_at_most_twelve_times_the_work() -> None:
    assert _steps(big(1_000, 300)) <= 12 * _steps(big(100, 30))


def _moving(overview: Overview, *, opened: bool) -> int:
    """Lines of our own code that lighting the next key takes, with all that is seen then, where all bundles are open."""
    model = model_of(overview, "staging")
    asked = Viewpoint(model, 76)
    made = asked.bundling()
    scene = replace(asked, opened=frozenset(made.parts) if opened else frozenset()).scene(made)
    view = Sheet(scene, lay_out(scene, 120, 38), 38)
    view.relight(Light(scene, scene.graph.keys[0]), 0.0)
    for row in range(38):
        view.row(row)
    with counted() as steps:
        view.relight(Light(scene, scene.graph.keys[1 % len(scene.graph.keys)]), 0.0)
        for row in range(38):
            view.row(row)
    return steps.count


@pytest.mark.parametrize("opened", [True, False])
def test_moving_on_a_map_ten_times_as_large_is_the_same_work(opened: bool) -> None:
    assert _moving(big(5_000, 500), opened=opened) <= 1.5 * _moving(big(500, 50), opened=opened)


def test_states_of_a_lit_key_are_those_of_its_bindings() -> None:
    lit = Spotlight(5, {2: Arm(True, -1), 8: Arm(True, int(State.EXPIRED)), 9: Arm(True, -1)}, 10, from_left=True)
    column = 5
    assert lit.cells(7)[column].state is State.EXPIRED
    assert lit.cells(3)[column].state is None
    assert lit.cells(9)[column + 2].state is None
    assert lit.cells(5)[0].state is State.EXPIRED, "the shared piece takes the worst"
    assert lit.cells(0)[column].glyph == " "
