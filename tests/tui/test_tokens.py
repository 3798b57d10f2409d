"""The Tokens screen driven by keys."""

import pytest

from keybound.domain.verdict.states import State
from keybound.tui.tokens.table import TokenTable, matches
from support.sample_service import OVERVIEW, TEXT, SampleService
from support.tui import driven


async def test_the_cursor_begins_on_the_worst_token_in_use() -> None:
    async with driven() as app:
        assert app.app.main_screen.pane.targets() == ("staging/deploy",)
        assert "beta_writes is true, bound to false" in app.shown


@pytest.mark.parametrize(
    ("key", "dialog"),
    [("a", "AddToken"), ("b", "Bind"), ("A", "Approve"), ("r", "Refresh"), ("x", "Confirm"), ("D", "Confirm"),
     ("w", "Bind"), ("p", "Switch"), ("question_mark", "Help")],
)  # fmt: skip
async def test_a_key_opens_its_dialog_and_esc_leaves_it_with_nothing_done(key: str, dialog: str) -> None:
    async with driven() as app:
        await app.press(key)
        assert app.dialog == dialog
        await app.press("escape")
        assert app.dialog == ""
        assert app.did == []


async def test_confirmed_expiry_and_removal_of_several_tokens() -> None:
    async with driven() as app:
        await app.press("space", "space", "x", "enter")
        assert app.service.calls == [("expire", "staging/deploy", "staging/cluster")]
        await app.press("home", "down", "D", "tab", "enter")
        assert app.did == ["expire"], "cancel removes nothing"


async def test_approve_seals_the_digest_that_was_shown() -> None:
    async with driven() as app:
        await app.press("A")
        assert "logs:read" in app.shown
        await app.press("enter")
        assert app.service.calls == [("approve", ("staging/deploy", "7c1e"))]


async def test_approve_of_an_expired_token_shows_reason_readings_and_what_it_comes_to() -> None:
    async with driven() as app:
        await app.press("A")
        assert "staging/deploy  expired → ● active" in app.shown
        assert "flags.beta_writes is true, bound to false" in app.shown
        assert "git:branch main   one of main, release" in app.shown


async def test_put_back_asks_with_its_plan_and_goes_the_way_of_every_save() -> None:
    async with driven() as app:
        await app.press("u")
        assert app.dialog == "Confirm"
        assert "Writes flags.beta_writes = false into staging.toml" in app.shown
        assert app.service.text == TEXT
        await app.press("escape")
        assert app.service.text == TEXT
        await app.press("u", "enter")
        assert app.did == ["save_text"]
        assert "beta_writes = false" in app.service.text


async def test_a_click_on_put_back_in_the_footer_asks_too() -> None:
    async with driven() as app:
        at = app.shown.split("\n")[-1].index("u put back")
        await app.pilot.click("Footer", offset=(at, 0))
        await app.settle()
        assert app.dialog == "Confirm"
        assert app.did == []


async def test_filter_sort_and_fold() -> None:
    async with driven() as app:
        await app.press("slash")
        await app.type("pager")
        assert "PD_TOKEN" in app.shown
        assert "KUBE_TOKEN" not in app.shown
        await app.press("enter", "escape")
        assert "KUBE_TOKEN" in app.shown
        await app.press("s")
        assert "by name" in app.shown
        table = app.app.main_screen.query_one(TokenTable)
        table.stand("prod/")
        await app.press("enter")
        assert "PD_TOKEN" not in app.shown


async def test_copy_says_which_clipboard() -> None:
    async with driven() as app:
        await app.press("y")
        assert app.did == ["copy"]
        assert any("wl-copy" in said for said in app.toasts)


async def test_reveal_shows_the_secret_and_masks_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keybound.tui.token_actions.REVEAL", 0.4)
    async with driven() as app:
        await app.press("v")
        assert "sample-not-a-secret" in app.shown
        await app.pilot.pause(0.6)
        assert "sample-not-a-secret" not in app.shown


async def test_a_secret_that_is_shown_is_masked_when_the_cursor_leaves() -> None:
    async with driven() as app:
        await app.press("v", "down")
        assert "sample-not-a-secret" not in app.shown
        await app.press("up")
        assert "sample-not-a-secret" not in app.shown


def test_a_filter_finds_id_variable_and_state() -> None:
    token = OVERVIEW.tokens[0]
    assert matches("stdep", token)
    assert matches("DEPLOY_T", token)
    assert matches("expired", token)
    assert not matches("zzz", token)


async def test_text_from_outside_is_neither_markup_nor_escape_sequence() -> None:
    token = OVERVIEW.tokens[0]._replace(
        why="x [red]a[/b] \x1b[31m \u202e", bound=(), findings=(), state=State.SUSPENDED
    )
    async with driven(SampleService(OVERVIEW._replace(tokens=(token,)))) as app:
        assert "x [red]a[/b] \\x1b[31m \\u202e" in app.shown
        app.app.say("[b]raw[/] \x1b]0;title\x07")
        await app.settle()
        assert any("[b]raw[/] \\x1b]0;title\\x07" in said for said in app.toasts)


async def test_the_cursor_goes_to_a_token_that_was_just_added() -> None:
    async with driven() as app:
        app.app.main_screen.query_one(TokenTable).stand("personal/cloudflare")
        await app.press("a")
        await app.type("not-a-secret")
        app.app.main_screen.query_one(TokenTable).stand("staging/metrics")
        await app.press("ctrl+s")
        assert app.app.main_screen.query_one(TokenTable).cursor == "personal/cloudflare"


async def test_the_entry_under_the_mouse_stands_out_until_it_leaves() -> None:
    async with driven() as app:
        box = app.app.main_screen.query_one(TokenTable)
        at = next(at for at in range(40) if box.name_at(at) == "staging/metrics")
        await app.pilot.hover(TokenTable, offset=(10, at + 1))
        assert box.hovered == "staging/metrics"
        assert ground(box, at) != ground(box, at - 1)
        await app.pilot.hover("Footer")
        assert box.hovered == ""
        assert ground(box, at) == ground(box, at - 1)


def ground(box: TokenTable, at: int) -> set[object]:
    return {segment.style.bgcolor for segment in box.render_line(at) if segment.style}
