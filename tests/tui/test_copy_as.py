"""Y asks in which form a token is copied."""

from support.tui import driven


async def test_a_token_is_copied_in_the_chosen_form() -> None:
    async with driven() as app:
        await app.press("Y")
        assert app.dialog == "Choose"
        assert "a header for curl" in app.shown
        await app.press("j", "down", "enter")
        assert app.service.calls[-1] == ("copy", "staging/deploy", "curl")
        await app.press("Y", "escape")
        assert [call[0] for call in app.service.calls].count("copy") == 1
        await app.press("y")
        assert app.service.calls[-1] == ("copy", "staging/deploy", "secret")
