"""The Tokens screen driven by keys."""

import pytest

from keybound.custody.view_models.tokens import TokenView
from keybound.domain.verdict.states import State
from keybound.tui.styled_text import length
from keybound.tui.tokens.columns import Columns
from keybound.tui.tokens.filtering import TokenFilter, hay_of
from keybound.tui.tokens.table import TokenTable
from support.sample_service import OVERVIEW, TEXT, SampleService
from support.tui import driven


async def test_the_cursor_begins_on_the_worst_token_in_use() -> None:
    async with driven() as app:
        assert app.app.main_screen.pane.targets() == ("staging/deploy",)
        assert "beta_writes is true, bound to false" in app.shown


@pytest.mark.parametrize(
    ("key", "dialog"),
    [("a", "AddToken"), ("b", "Bind"), ("A", "Approve"), ("r", "Refresh"), ("x", "Confirm"), ("D", "Warned"),
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
        await app.press("home", "down", "D", "enter")
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


NOW = 1_800_000_000.0
DAY = 86_400.0


def accepts(text: str, token: TokenView) -> bool:
    return TokenFilter(text).accepts(token, hay_of(token), NOW)


def test_a_filter_finds_id_variable_and_state() -> None:
    token = OVERVIEW.tokens[0]
    assert accepts("stdep", token)
    assert accepts("DEPLOY_T", token)
    assert accepts("st dep EXP", token)
    assert accepts("expired", token)
    assert not accepts("zzz", token)
    assert not accepts("peds", token), "the order counts"


@pytest.mark.parametrize(
    ("days", "text", "found"),
    [
        (None, "unused", True),
        (None, "unused:90d", True),
        (3.0, "unused", False),
        (3.0, "unused:2d", True),
        (3.0, "unused:4", False),
        (3.0, "unused:50h", True),
        (3.0, "unused:1w", False),
        (3.0, "unused:90x", False),
    ],
)
def test_a_filter_finds_what_is_not_used(days: float | None, text: str, found: bool) -> None:
    at = None if days is None else NOW - days * DAY
    assert accepts(text, OVERVIEW.tokens[0]._replace(last_released=at)) is found


def test_a_filter_finds_what_is_outside_and_what_is_due() -> None:
    token = next(each for each in OVERVIEW.tokens if each.bound and all(row.inside for row in each.bound))
    well = token._replace(state=State.ACTIVE, expires_at=NOW + 99 * DAY, rotation=token.rotation._replace(due=False))
    assert not accepts("outside", well)
    assert not accepts("due", well)
    out = well._replace(bound=(well.bound[0]._replace(inside=False), *well.bound[1:]))
    unread = well._replace(bound=(well.bound[0]._replace(inside=None), *well.bound[1:]))
    assert accepts("outside", out)
    assert accepts("outside", unread)
    assert accepts("due", well._replace(state=State.WARNING))
    assert not accepts("due", out._replace(state=State.WARNING)), "it warns of something else"
    assert accepts("due", well._replace(expires_at=NOW - 1))
    assert accepts("due", well._replace(rotation=well.rotation._replace(due=True)))


def test_a_filter_finds_by_a_part_of_profile_kind_state_scope_and_variable() -> None:
    token = OVERVIEW.tokens[0]._replace(kind="github", scopes=("repo:read", "packages:write"), env=("DEPLOY_TOKEN",))
    for text in (
        "profile:sta",
        "kind:GitHub",
        "state:exp",
        "scope:packages",
        "variable:deploy",
        "kind:git dep profile:",
    ):
        assert accepts(text, token), text
    for text in ("profile:prod", "kind:gitlab", "state:act", "scope:admin", "variable:sta", "kind:git zzz"):
        assert not accepts(text, token), text


async def test_a_range_is_selected_from_the_last_selected_token() -> None:
    async with driven() as app:
        table = app.app.main_screen.query_one(TokenTable)
        tokens = [name for name in table.names if not name.endswith("/")]
        await app.press("V")
        assert table.picked == {tokens[0]}
        await app.press("down", "down", "V")
        assert table.picked == set(tokens[:3])
        table.stand(tokens[5])
        await app.press("space")
        table.stand(tokens[8])
        await app.press("V")
        assert table.picked == {*tokens[:3], *tokens[5:9]}, "headings between them are none"
        assert "7 selected" in app.shown


async def test_a_wide_terminal_has_more_columns_and_each_can_be_hidden() -> None:
    async with driven(size=(240, 40)) as app:
        head, row = (
            next(line for line in app.shown.split("\n") if word in line) for word in ("variable", " registry ")
        )
        assert all(name in head for name in ("kind", "expires", "scopes"))
        assert head.index("expires") == row.index("2026-05-22")
        assert head.index("scopes") == row.index("publish")
        await app.press("W")
        assert "shown" in app.shown
        await app.press("down", "enter")
        head = next(line for line in app.shown.split("\n") if "variable" in line)
        assert "expires" not in head
        assert "scopes" in head
        assert app.app.main_screen.pane.remembered()["hidden"] == ["expires"]


@pytest.mark.parametrize("width", [40, 60, 76, 78, 90, 100, 120, 140, 180, 250])
def test_the_columns_take_all_the_room_and_no_more(width: int) -> None:
    columns = Columns(width)
    token = OVERVIEW.tokens[0]
    assert length(columns.row(token, NOW, picked=False)) <= width
    if width >= 90:
        assert length(columns.row(token, NOW, picked=False)) >= width - 3
        assert length(columns.head("name")) == length(columns.row(token, NOW, picked=False))


async def test_the_filter_says_what_may_be_typed() -> None:
    async with driven() as app:
        await app.press("slash")
        assert "unused:90d" in app.shown
        await app.press("f1")
        assert "not in 90 days" in app.shown.replace("\n", " ")


async def test_a_filter_that_asks_leaves_only_groups_with_tokens() -> None:
    async with driven() as app:
        await app.press("slash")
        await app.type("profile:prod")
        table = app.app.main_screen.query_one(TokenTable)
        assert {name.partition("/")[0] for name in table.names} == {"prod"}
        assert "filter profile:prod" in app.shown


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


async def test_a_filter_that_nothing_matches_says_the_way_back() -> None:
    async with driven() as app:
        await app.press("slash", *"zzzz")
        assert "Nothing matches; esc shows all again." in app.shown
        await app.press("escape")
        assert "Nothing matches" not in app.shown
