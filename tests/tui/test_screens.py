"""Map, Profile, Drift and Journal driven by keys."""

import pytest

from keybound.tui.map.canvas import MapCanvas
from keybound.tui.profile.editor import Editor, changed_lines
from keybound.tui.tokens.table import TokenTable
from support.sample_service import NOW, OVERVIEW, TEXT, SampleService
from support.tui import Driven, driven


async def test_arrows_light_esc_clears_and_nothing_moves() -> None:
    async with driven() as app:
        await app.press("2")
        canvas = app.app.main_screen.query_one(MapCanvas)
        rest = [list(line) for line in _text(app)]
        await app.press("down", "right")
        assert canvas.lit == "staging/deploy"
        lit = _text(app)
        assert [_places(line) for line in lit[3:30]] == [_places(line) for line in rest[3:30]]
        await app.press("escape")
        assert canvas.lit == ""
        assert [list(line) for line in _text(app)] == rest


def _text(app: Driven) -> list[str]:
    return app.shown.split("\n")


def _places(line: object) -> list[int]:
    """Where letters stand: what focus must not move."""
    return [at for at, char in enumerate(line) if str(char).isalnum()]  # type: ignore[arg-type, var-annotated]


async def test_map_enter_opens_the_token_and_m_the_matrix() -> None:
    async with driven() as app:
        await app.press("2", "down", "right", "enter")
        assert app.app.main_screen.tab == 0
        assert app.app.main_screen.query_one(TokenTable).cursor == "staging/deploy"
        await app.press("2", "m", "right", "down")
        assert "Matrix" in app.shown
        await app.press("m")
        assert "Configuration" in app.shown


async def test_map_key_is_edited_where_it_is_written() -> None:
    async with driven() as app:
        await app.press("2", "down", "e")
        assert app.app.main_screen.tab == 2
        assert app.app.main_screen.query_one(Editor).cursor_location[0] == 9


async def test_a_switch_changes_the_text_and_the_plan_not_the_file() -> None:
    async with driven() as app:
        await app.press("3", "f6", "down", "space")
        assert app.app.main_screen.query_one(Editor).text == TEXT.replace("dry_run = false", "dry_run = true")
        assert app.service.text == TEXT
        assert "modified" in app.shown


async def test_save_shows_the_plan_first_and_no_writes_nothing() -> None:
    async with driven() as app:
        await app.press("3", "f6", "down", "down", "space", "down", "space")
        editor = app.app.main_screen.query_one(Editor)
        editor.load_text(TEXT.replace('["deployer"]', '["reader"]'))
        await app.pilot.pause(0.3)
        await app.settle()
        assert "saving changes 2 of" in app.shown
        await app.press("ctrl+s")
        assert app.dialog == "Confirm"
        assert "packages:write" in app.shown
        await app.press("escape")
        assert app.did == []
        await app.press("ctrl+s", "enter")
        assert app.did == ["save_text"]
        assert "modified" not in app.shown


async def test_a_fault_keeps_the_text_and_shows_its_line() -> None:
    async with driven() as app:
        await app.press("3")
        editor = app.app.main_screen.query_one(Editor)
        broken = TEXT.replace("schema = 1", "schema = = 1")
        editor.load_text(broken)
        await app.press("ctrl+s")
        assert app.did == []
        assert editor.text == broken
        assert any("line 1" in said for said in app.toasts)


async def test_another_tab_takes_no_unsaved_text_away_and_says_where_it_is() -> None:
    async with driven() as app:
        await app.press("3", "enter", "x", "escape", "escape")
        assert app.app.main_screen.tab == 0
        assert "3 Profile*" in app.shown
        await app.press("3")
        assert app.app.main_screen.query_one(Editor).text == "x" + TEXT


async def test_revert_can_be_undone() -> None:
    async with driven() as app:
        await app.press("3", "enter", "x", "ctrl+r")
        editor = app.app.main_screen.query_one(Editor)
        assert editor.text == TEXT
        await app.press("ctrl+z")
        assert editor.text == "x" + TEXT


def test_changed_lines_are_counted_from_one() -> None:
    assert changed_lines("a\nb\nc", "a\nX\nc") == {2}
    assert changed_lines("a\nb\nc", "a\nc") == {2}
    assert changed_lines("a", "a") == set()


async def test_drift_puts_back_and_walks() -> None:
    async with driven() as app:
        await app.press("4")
        assert "What you can do" in app.shown
        await app.press("u")
        assert "Writes flags.beta_writes = false" in app.shown
        await app.press("enter")
        assert app.did == ["save_text"]
        await app.press("n")
        assert app.app.main_screen.pane.targets() == ("staging/cluster",)


async def test_drift_names_the_variable_that_chose_a_tools_value() -> None:
    token = next(token for token in OVERVIEW.tokens if any(row.inside is False for row in token.bound))
    outside = next(row for row in token.bound if row.inside is False)
    tool = outside._replace(
        key="kube:context",
        label="kube:context",
        group="this shell",
        path="/home/a/prod.yaml",
        line=3,
        set_by="KUBECONFIG",
    )
    service = SampleService(OVERVIEW._replace(tokens=(token._replace(bound=(tool,)),)))
    async with driven(service) as app:
        await app.press("4")
        assert "KUBECONFIG, prod.yaml:3" in app.shown
        assert "Set KUBECONFIG" in app.shown


async def test_drift_where_all_is_inside() -> None:
    async with driven(SampleService(OVERVIEW._replace(tokens=OVERVIEW.tokens[3:6]))) as app:
        await app.press("4")
        assert "Everything is inside its boundary" in app.shown


async def test_journal_filters_and_keeps_one_token() -> None:
    async with driven() as app:
        await app.press("5", "slash")
        await app.type("npmrc")
        assert "staging/registry" in app.shown
        assert "prod/cluster" not in app.shown
        await app.press("enter", "escape", "home", "T")
        assert "Journal of staging/github" in app.shown
        assert "2 events" in app.shown
        assert NOW > 0


async def test_the_lines_that_move_a_token_say_so_at_their_end() -> None:
    async with driven() as app:
        await app.press("3")
        editor = app.app.main_screen.query_one(Editor)
        editor.load_text(TEXT.replace('["deployer"]', '["reader"]'))
        await app.pilot.pause(0.3)
        await app.settle()
        here = next(line for line in app.shown.split("\n") if 'active = ["reader"]' in line)
        assert "▎active" in here.replace(" ", "")
        assert "■ github" in here


async def test_compare_shows_the_edit_and_what_is_not_as_approved() -> None:
    async with driven() as app:
        await app.press("3")
        app.app.main_screen.query_one(Editor).load_text(TEXT.replace("eu-west-1", "eu-west-2"))
        await app.press("ctrl+d")
        assert app.dialog == "Compare"
        assert '6 - region = "eu-west-1"' in app.shown
        assert '6 + region = "eu-west-2"' in app.shown
        assert "flags.beta_writes  false → true  staging.toml:10" in app.shown
        await app.press("escape")
        assert app.did == []


async def test_a_terminal_that_cannot_be_handed_over_keeps_the_text() -> None:
    async with driven() as app:
        await app.press("3", "enter", "x", "ctrl+o")
        assert app.app.main_screen.query_one(Editor).text == "x" + TEXT
        assert any("cannot run an editor" in said for said in app.toasts)


class Beside(SampleService):
    """A service beside which other programs write."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


async def test_text_typed_into_an_empty_profile_is_not_lost() -> None:
    service = Beside("")
    async with driven(service) as app:
        await app.press("3", "enter", "x")
        service.text = "schema = 1\n"
        app.app.look_again()
        await app.settle()
        assert app.app.main_screen.query_one(Editor).text == "x"
        await app.press("escape", "escape", "q")
        assert app.dialog == "Leave"


async def test_a_save_in_the_same_lines_is_said_once_and_revert_takes_it() -> None:
    service = Beside(TEXT)
    async with driven(service) as app:
        await app.press("3", "enter", "x")
        service.text = "# theirs\n" + TEXT
        for _ in range(2):
            app.app.look_again()
            await app.settle()
        assert [said.partition("\n")[0] for said in app.toasts] == [
            "staging.toml was changed by another program, in lines that you changed"
        ]
        editor = app.app.main_screen.query_one(Editor)
        assert editor.text == "x" + TEXT
        await app.press("ctrl+r")
        assert editor.text == service.text
        assert "modified" not in app.shown
        await app.press("ctrl+z")
        assert editor.text == "x" + TEXT


async def test_unsaved_text_stays_with_its_profile_when_that_is_gone() -> None:
    service = SampleService()
    async with driven(service) as app:
        await app.press("3", "enter", "x")
        service.view = OVERVIEW._replace(
            active="base", profiles=tuple(each for each in OVERVIEW.profiles if each.name != "staging")
        )
        app.app.look_again()
        await app.settle()
        assert "staging.toml  unsaved, and its file is gone" in app.shown


async def test_a_profile_that_cannot_be_read_does_not_take_another_ones_text() -> None:
    async with driven() as app:
        await app.press("3")
        await app.app.main_screen.edit_profile("nope")
        await app.settle()
        assert "staging.toml" in app.shown
        assert app.toasts == ["no profile nope"]


async def test_what_could_drive_the_terminal_is_shown_as_a_mark() -> None:
    mark = "\N{REPLACEMENT CHARACTER}"
    async with driven(Beside("# a\x1b[31m b\x9b c\u202ed\te\0f\n")) as app:
        await app.press("3")
        shown = next(row for row in app.shown.split("\n") if "# a" in row)
        assert f"# a{mark}[31m b{mark} c{mark}d" in shown
        assert f"e{mark}f" in shown


async def test_typing_is_begun_on_purpose_and_ends_with_esc() -> None:
    async with driven() as app:
        await app.press("3", "x", "7")
        assert app.app.main_screen.query_one(Editor).text == TEXT, "letters and digits are actions until then"
        await app.press("enter", "4")
        assert app.app.main_screen.query_one(Editor).text == "4" + TEXT
        assert "typing" in app.shown
        await app.press("escape", "4")
        assert app.app.main_screen.tab == 3


async def test_editing_that_was_asked_for_begins_typing_and_so_does_a_click() -> None:
    async with driven() as app:
        await app.press("e", "#")
        assert "#" in app.app.main_screen.query_one(Editor).text.split("\n")[9]
    async with driven() as app:
        await app.press("3")
        await app.pilot.click("Editor", offset=(10, 3))
        await app.press("z")
        assert app.app.main_screen.query_one(Editor).text != TEXT


@pytest.mark.parametrize("rows", [10, 12])
async def test_a_very_small_terminal_has_rows_for_the_text(rows: int) -> None:
    async with driven(size=(40, rows)) as app:
        await app.press("3")
        assert "schema = 1" in app.shown
        await app.press("f6")
        assert "beta_writes" in app.shown
        await app.press("f6")
        assert "Plan" in app.shown
        await app.press("4", "3", "escape")
        assert "schema = 1" in app.shown


async def test_switches_flipped_one_after_the_other_all_count() -> None:
    async with driven() as app:
        await app.press("3", "f6")
        await app.pilot.press("space", "down", "space")
        await app.settle()
        text = app.app.main_screen.query_one(Editor).text
        assert "beta_writes = false" in text
        assert "dry_run = true" in text
