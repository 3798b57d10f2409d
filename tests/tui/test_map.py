"""The Map by its keys: bundles open and close, focus goes in and comes back, what is searched for is found, paths are lit."""

from contextlib import AbstractAsyncContextManager

import pytest

from keybound.tui.map.canvas import MapCanvas
from keybound.tui.map.matrix import Matrix
from keybound.tui.map.pane import MapPane
from keybound.tui.tokens.table import TokenTable
from support.crowded_service import CROWDED
from support.sample_service import OVERVIEW, SampleService
from support.tui import Driven, driven


def crowded(size: tuple[int, int] = (120, 40)) -> AbstractAsyncContextManager[Driven]:
    return driven(SampleService(CROWDED), size=size)


def canvas(app: Driven) -> MapCanvas:
    return app.app.main_screen.query_one(MapCanvas)


def pane(app: Driven) -> MapPane:
    return app.app.main_screen.query_one(MapPane)


def drawn(app: Driven) -> tuple[str, ...]:
    scene = canvas(app).scene
    assert scene is not None
    return (*scene.graph.keys, *scene.graph.tokens)


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (200, 50)])
async def test_a_large_map_begins_with_its_overview_and_bundles_what_is_equal(size: tuple[int, int]) -> None:
    async with crowded(size) as app:
        await app.press("2")
        assert "Keys that hold the most tokens" in app.shown
        assert "Files that take tokens with them" in app.shown
        await app.press("enter")
        assert len(drawn(app)) < 60
        scene = canvas(app).scene
        assert scene is not None
        bundle = next(name for name in scene.graph.tokens if name in scene.bundles and scene.bundles[name].outside)
        canvas(app).light(bundle)
        await app.settle()
        words = "tokens" if size[0] < 100 else "tokens of staging"
        assert f"{words} · 2 outside" in app.shown, "what is outside is not hidden in a bundle"


async def test_a_map_that_fits_has_no_bundles_and_no_overview_first() -> None:
    async with driven() as app:
        await app.press("2")
        assert "Configuration" in app.shown
        assert len(drawn(app)) == 12 + 6
        await app.press("O")
        assert "The whole map" in app.shown
        await app.press("O")
        assert "Configuration" in app.shown


async def test_enter_opens_a_bundle_in_its_place_and_esc_or_enter_closes_it() -> None:
    async with crowded() as app:
        await app.press("2", "enter", "right")
        before, bundle = drawn(app), canvas(app).lit
        await app.press("enter")
        after = drawn(app)
        assert len(after) > len(before)
        assert [name for name in after if name in before] == list(before), "the others keep their order"
        assert canvas(app).lit == bundle
        await app.press("down", "escape")
        assert (drawn(app), canvas(app).lit) == (before, bundle)
        await app.press("enter", "enter")
        assert drawn(app) == before
        await app.press("escape")
        assert canvas(app).lit == ""


async def test_a_bundle_is_no_target_of_an_action() -> None:
    async with crowded() as app:
        await app.press("2", "enter", "right")
        assert pane(app).targets() == ()
        assert pane(app).target_key() == ""
        await app.press("x")
        assert app.dialog == ""


async def test_f_shows_what_is_around_one_and_esc_goes_back() -> None:
    async with driven() as app:
        await app.press("2", "down", "right", "f")
        assert canvas(app).lit == "staging/deploy"
        assert "Around deploy" in app.shown
        assert set(drawn(app)) == {
            "staging/deploy", "staging/github", "flags.beta_writes", "flags.dry_run", "settings.api.base_url", "git:branch",
        }  # fmt: skip
        await app.press("down", "enter")
        assert canvas(app).lit == "staging/github", "enter goes on to a neighbour"
        assert "roles.active" in drawn(app)
        assert "flags.beta_writes" not in drawn(app)
        await app.press("escape")
        assert "Around deploy" in app.shown
        await app.press("escape")
        assert canvas(app).lit == "staging/deploy"
        assert len(drawn(app)) == 18


async def test_f_once_more_leaves_the_focus_at_once_and_nothing_lit_is_told() -> None:
    async with driven() as app:
        await app.press("2", "f")
        assert app.toasts == ["f shows what stands around a key or a token: go to one with the arrow keys first"]
        await app.press("down", "right", "f", "down", "enter", "f")
        assert "Configuration" in app.shown
        assert len(drawn(app)) == 18
        assert canvas(app).lit == "staging/deploy", "where it began"


async def test_enter_on_what_the_focus_is_on_opens_it() -> None:
    async with driven() as app:
        await app.press("2", "down", "right", "f", "enter")
        assert app.app.main_screen.query_one(TokenTable).cursor == "staging/deploy"
        assert app.app.main_screen.tab == 0


async def test_a_file_of_the_overview_is_focused() -> None:
    async with crowded() as app:
        await app.press("2", "end", "enter")
        assert "Around " in app.shown
        assert canvas(app).scene is not None
        await app.press("escape")
        assert "Configuration" in app.shown


async def test_search_marks_and_jumps_and_hides_nothing() -> None:
    async with driven() as app:
        await app.press("2")
        before = drawn(app)
        await app.press("slash")
        await app.type("NPM")
        assert drawn(app) == before
        assert canvas(app).lit == "file:npmrc"
        await app.press("down")
        assert canvas(app).lit == "file:npmrc#registry"
        await app.press("down")
        assert canvas(app).lit == "staging/registry", "by the variable that it sets"
        await app.press("down")
        assert canvas(app).lit == "file:npmrc", "and from the beginning"
        await app.press("up", "enter")
        assert canvas(app).lit == "staging/registry"
        assert app.app.focused is canvas(app)
        await app.press("escape")
        assert pane(app).needle == ""


async def test_what_is_in_a_bundle_is_found_and_enter_opens_the_way_to_it() -> None:
    async with crowded() as app:
        await app.press("2", "enter", "slash")
        await app.type("metrics-19")
        assert "· 1 found" in app.shown
        assert canvas(app).lit not in pane(app).targets()
        await app.press("enter")
        assert canvas(app).lit == "staging/metrics-19"
        assert "metrics-19" in app.shown


async def test_what_is_in_no_name_is_told() -> None:
    async with driven() as app:
        await app.press("2", "slash")
        await app.type("zz")
        assert "zz is in no name" in app.shown


async def test_space_twice_lights_the_path_and_says_it() -> None:
    async with driven() as app:
        await app.press("2", "down", "space")
        assert "From flags.beta_writes" in app.shown
        await app.press("right", "down", "space")
        assert app.said("#inspector").startswith(
            "flags.beta_writes binds deploy, which is bound to settings.api.base_url, as is github."
        )
        await app.press("escape")
        assert "beta_writes binds" not in app.shown


async def test_where_there_is_no_path_that_is_said() -> None:
    async with driven() as app:
        await app.press("2", "down", "space", "right", "end", "space")
        assert "No path leads from flags.beta_writes to registry" in app.said("#inspector")


async def test_a_path_of_a_map_without_all_its_lines_is_shown_alone() -> None:
    from support.big_service import big

    async with driven(SampleService(big(300, 90)), size=(120, 40)) as app:
        await app.press("2", "enter", "right", "enter", "left", "enter", "down", "space")
        await app.press("right", "space")
        way = pane(app).visit.way
        assert len(way) == 2
        assert set(drawn(app)) == set(way)
        await app.press("escape")
        assert len(drawn(app)) > 300


async def test_space_in_the_matrix_binds() -> None:
    async with driven() as app:
        await app.press("2", "m", "space")
        await app.until(lambda: app.dialog == "BindDialog" or app.dialog != "")
        assert pane(app).visit.marks == ()


async def test_what_is_gone_is_forgotten_where_one_is() -> None:
    service = SampleService()
    async with driven(service) as app:
        await app.press("2", "down", "right", "f", "space")
        service.view = OVERVIEW._replace(tokens=tuple(t for t in OVERVIEW.tokens if t.id != "staging/deploy"))
        app.app.overview = service.view
        app.app.main_screen.refresh_view()
        await app.settle()
        assert pane(app).visit.marks == ()
        assert canvas(app).lit == ""
        assert "staging/github" in drawn(app)


async def test_brackets_show_another_profile_with_its_own_place() -> None:
    async with crowded() as app:
        await app.press("2", "enter", "right", "enter")
        opened = drawn(app)
        await app.press("greater_than_sign", "less_than_sign")
        assert drawn(app) == opened


async def test_a_narrow_map_is_a_list_that_is_searched_and_has_no_other_form() -> None:
    async with driven(size=(60, 20)) as app:
        await app.press("2", "f")
        assert app.toasts == ["below 70 columns the map is a list"]
        await app.press("slash")
        await app.type("npm")
        assert pane(app).lit == "file:npmrc"
        await app.press("down", "enter")
        assert pane(app).lit == "file:npmrc#registry"


async def test_search_in_the_matrix_goes_to_rows_and_columns() -> None:
    async with driven() as app:
        await app.press("2", "m", "slash")
        await app.type("npm")
        matrix = app.app.main_screen.query_one(Matrix)
        assert matrix.cursor == "file:npmrc"
        await app.press("down", "down")
        assert matrix.token == "staging/registry"
        await app.press("escape", "slash")
        await app.type("_token")
        seen = []
        for _ in range(4):
            seen.append(matrix.token)
            await app.press("down")
        assert len(set(seen)) == 4, "from one column to the next, in one row"


async def test_after_the_last_profile_comes_the_map_of_all() -> None:
    async with driven() as app:
        await app.press("2", "less_than_sign")
        assert app.toasts == ["map of all profiles"]
        model = pane(app).model
        assert model is not None
        assert model.tokens.keys() == {token.id for token in OVERVIEW.tokens}
        assert "staging/deploy" in app.shown
        canvas(app).light("/home/ada/.config/keybound/profiles/staging.toml flags.beta_writes")
        await app.settle()
        assert (pane(app).target(), pane(app).target_key()) == ("staging/deploy", "flags.beta_writes")
        await app.press("greater_than_sign")
        assert "map of all" not in app.toasts[-1]


async def test_the_footer_says_what_enter_and_f_do_here() -> None:
    def words(app: Driven) -> set[str]:
        return {f"{hint.shown} {hint.word}" for hint in pane(app).hints()}

    async with driven() as app:
        await app.press("2", "down", "right", "f")
        assert {"⏎ open", "f whole map", "esc back"} <= words(app)
        await app.press("down")
        assert {"⏎ focus", "f focus", "esc back"} <= words(app)
    async with crowded() as app:
        await app.press("2", "enter", "right")
        assert "⏎ open" in words(app)
        await app.press("enter")
        assert "⏎ close" in words(app)


async def test_boundaries_stand_under_tokens_as_soon_as_all_fit_and_an_unbound_token_says_what_it_is() -> None:
    tokens = tuple(each._replace(bound=()) if each.id == "staging/metrics" else each for each in OVERVIEW.tokens)
    for height, full in ((43, True), (38, True), (24, False)):
        async with driven(SampleService(OVERVIEW._replace(tokens=tokens)), size=(120, height)) as app:
            await app.press("2")
            assert ("one of main, release" in app.shown) is full, height
            canvas(app).light("staging/metrics")
            await app.settle()
            rows = app.shown.split("\n")
            at = next(number for number, row in enumerate(rows) if "● metrics" in row)
            assert "metrics:write" in rows[at + 1], "as no boundary stands below it"


async def test_the_whole_map_of_the_overview_is_whole_after_a_focus_too() -> None:
    async with crowded() as app:
        await app.press("2", "end", "enter")
        assert "Around " in app.shown
        await app.press("O", "home", "enter")
        assert "Configuration" in app.shown
        assert pane(app).visit.trail == []
