"""The dialogs driven by keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.events import Paste

from keybound.custody.view_models.adding import NewToken
from keybound.custody.view_models.plans import ApprovalView
from keybound.domain.text.secret import Secret
from keybound.domain.verdict.states import State
from keybound.tui.dialogs.binding import turned, with_reaction
from keybound.tui.secrets import SecretInput
from keybound.tui.styled_text import cells, fit, length, line, wrapped
from keybound.tui.tokens.table import TokenTable
from support.sample_service import SUGGESTIONS, SampleService
from support.tui import driven


async def test_add_calls_the_desk_with_what_was_typed() -> None:
    async with driven() as app:
        await app.press("a")
        await app.type("not-a-secret")
        assert "12 characters" in app.shown
        assert "not-a-secret" not in app.shown
        await app.press("tab")
        await app.type("pkg")
        await app.press("tab")
        await app.type("PKG_TOKEN")
        await app.press("tab", "tab")
        await app.type("30d")
        await app.press("tab")
        await app.type("repo:read")
        await app.press("tab", "space", "right", "down", "down", "space", "ctrl+s")
        binds = (
            with_reaction(SUGGESTIONS[0].bind, SUGGESTIONS[0].key, "ignore"),
            with_reaction(SUGGESTIONS[2].bind, SUGGESTIONS[2].key, "suspend"),
        )
        new = NewToken("staging/pkg", ("PKG_TOKEN",), "", ("repo:read",), "30d", binds)
        assert app.service.calls == [("add", new, Secret("not-a-secret"))]
        assert app.dialog == ""


async def test_add_says_what_is_missing_and_keeps_what_was_typed() -> None:
    async with driven() as app:
        await app.press("a", "ctrl+s")
        assert any("a name is 1 to 64" in said for said in app.toasts)
        assert app.dialog == "AddToken"
        assert app.did == []


async def test_a_boundary_can_be_edited_in_the_add_dialog() -> None:
    async with driven() as app:
        await app.press("a", "tab", "tab", "tab", "tab", "tab", "tab", "e", "end")
        await app.type(" outside=warn")
        await app.press("enter")
        assert "settings.api.base_url" in app.shown
        assert app.dialog == "AddToken"


async def test_a_missing_token_only_asks_for_its_secret() -> None:
    async with driven() as app:
        app.app.main_screen.query_one(TokenTable).stand("personal/cloudflare")
        await app.press("a")
        await app.type("not-a-secret")
        await app.press("ctrl+s")
        assert app.service.calls[0][1] == NewToken("personal/cloudflare", (), "", (), "", ())


async def test_a_minted_token_asks_for_no_secret() -> None:
    service = SampleService()
    service.view = service.view._replace(
        tokens=tuple(
            one._replace(kind="minted") if one.id == "personal/cloudflare" else one for one in service.view.tokens
        )
    )
    async with driven(service=service) as app:
        app.app.main_screen.query_one(TokenTable).stand("personal/cloudflare")
        await app.press("a")
        assert "its signing key is made here" in app.shown
        await app.press("enter")
        assert app.service.calls == [("add", NewToken("personal/cloudflare", (), "", (), "", ()), Secret(""))]


async def test_refresh_takes_the_secret_and_clears_the_input() -> None:
    async with driven() as app:
        await app.press("r")
        await app.type("not-a-secret")
        box = app.app.screen.query_one(SecretInput)
        await app.press("enter")
        assert app.service.calls == [("refresh", "staging/deploy", Secret("not-a-secret"))]
        assert box.value == ""


async def test_an_empty_secret_is_not_stored() -> None:
    async with driven() as app:
        await app.press("r", "enter")
        assert app.did == []
        assert app.dialog == "Refresh"


async def test_switch_in_this_shell_and_everywhere() -> None:
    async with driven() as app:
        await app.press("p", "slash")
        await app.type("prod")
        assert "PD_TOKEN" in app.shown
        assert "withheld: scopes changed" in app.shown
        await app.press("enter")
        assert app.service.calls == [("switch", "prod", False)]
        await app.press("p", "slash")
        await app.type("prod")
        await app.press("ctrl+a")
        assert app.service.calls[1] == ("switch", "prod", True)


async def test_a_switch_without_a_shell_to_pin_is_for_every_following_one() -> None:
    async with driven(SampleService(pins=False)) as app:
        await app.press("p")
        assert "every shell that follows" in app.shown
        await app.press("enter")
        assert app.service.calls == [("switch", "ci-local", True)]


async def test_widen_is_prefilled_with_both_values() -> None:
    async with driven() as app:
        await app.press("w", "enter")
        said = "flags.beta_writes outside=expire one_of=[false, true]"
        assert app.service.calls == [("bind", "staging/deploy", said)]


async def test_a_binding_can_be_taken_away() -> None:
    async with driven() as app:
        await app.press("w", "tab", "tab", "enter")
        assert app.service.calls == [("unbind", "staging/deploy", "flags.beta_writes")]


async def test_bind_picks_a_key() -> None:
    async with driven() as app:
        await app.press("down", "down", "down", "b", "down", "enter")
        said = 'roles.active outside=expire subset_of=["deployer"]'
        assert app.service.calls == [("bind", app.service.calls[0][1], said)]


def test_reactions_turn_and_replace_each_other() -> None:
    assert turned("expire", 1) == "ignore"
    assert turned("ignore", -1) == "expire"
    assert with_reaction("k equals=1", "k", "warn") == "k outside=warn equals=1"
    assert with_reaction('k outside="expire" equals=1', "k", "warn") == "k outside=warn equals=1"


async def test_nothing_that_is_approved_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    long = tuple(f"+ line {at} " + "word " * 30 + f"end{at}" for at in range(30))
    view = ApprovalView("staging/deploy", State.EXPIRED, State.ACTIVE, "", long, (), "d", "")
    monkeypatch.setattr(SampleService, "approvals", lambda self, ids: [view])
    async with driven(size=(80, 24)) as app:
        await app.press("A")
        seen = app.shown
        for _ in range(12):
            await app.press("pagedown")
            seen += app.shown
        assert all(f"end{at}" in seen for at in range(30))
        await app.press("enter")
        assert app.service.calls == [("approve", ("staging/deploy", "d"))]


@given(st.lists(st.text("ab 漢", max_size=30), max_size=4), st.integers(2, 20))
def test_wrapping_loses_nothing(parts: list[str], width: int) -> None:
    pieces = line(*parts)
    rows = wrapped(pieces, width)
    text = "".join(piece.text for row in rows for piece in row)
    assert text.replace(" ", "") == "".join(parts).replace(" ", "")
    assert all(length(row) <= width for row in rows)


@given(st.text(max_size=12), st.integers(min_value=1, max_value=14))
def test_fitted_text_takes_exactly_its_cells(text: str, width: int) -> None:
    fitted = fit(text, width)
    assert cells(fitted) == width
    assert line(fitted)[0].text == fitted  # cleaned before it was cut


async def test_several_pasted_lines_are_refused_whole() -> None:
    async with driven() as app:
        await app.press("a")
        box = app.app.screen.query_one(SecretInput)
        box.post_message(Paste("-----BEGIN KEY-----\nabc\n-----END KEY-----\n"))
        await app.settle()
        assert box.value == ""
        assert app.toasts[0].startswith("3 lines were pasted, and only one fits here; nothing was taken")
        box.post_message(Paste("one-line\r\n"))
        await app.settle()
        assert box.value == "one-line"


async def test_a_definition_whose_former_approval_is_unknown_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    view = ApprovalView(
        "staging/deploy", State.UNAPPROVED, State.ACTIVE, "", ("+ env = DEPLOY_TOKEN",), (), "d", "", former=False
    )
    monkeypatch.setattr(SampleService, "approvals", lambda self, ids: [view])
    async with driven(size=(80, 24)) as app:
        await app.press("A")
        assert "What you approved before is not known here; this is everything:" in app.shown
        assert "+ env = DEPLOY_TOKEN" in app.shown


async def test_what_cannot_be_approved_has_no_button_that_says_yes(monkeypatch: pytest.MonkeyPatch) -> None:
    view = ApprovalView("staging/deploy", State.EXPIRED, State.EXPIRED, "", (), (), "d", "it is still outside")
    monkeypatch.setattr(SampleService, "approvals", lambda self, ids: [view])
    async with driven() as app:
        await app.press("A")
        assert "cannot be approved: it is still outside" in app.shown
        await app.press("enter")
        assert app.dialog == ""
        assert app.did == []


@pytest.mark.parametrize("verb", ["add", "bind"])
async def test_what_would_expire_at_once_is_asked_about_and_enter_means_no(verb: str) -> None:
    async with driven() as app:
        app.service.harm = ("staging/pkg would expire at once",)
        if verb == "add":
            await app.press("a")
            await app.type("not-a-secret")
            await app.press("tab")
            await app.type("pkg")
            await app.press("tab")
            await app.type("PKG_TOKEN")
            await app.press("ctrl+s")
        else:
            await app.press("down", "down", "down", "b", "down", "enter")
        assert app.dialog == "Warned"
        assert "would expire at once" in app.shown
        await app.press("enter")
        assert app.service.calls == []
        assert app.dialog == ("AddToken" if verb == "add" else "Bind")  # and nothing typed is lost
        await app.press(*(("ctrl+s",) if verb == "add" else ("enter",)))
        await app.press("shift+tab", "enter")
        assert [call[0] for call in app.service.calls] == [verb]
