"""S changes config.toml: theme and keys at once, the rest for the next command."""

from support.tui import driven


async def test_a_setting_is_turned_and_takes_effect_at_once() -> None:
    async with driven() as app:
        await app.press("S")
        assert app.dialog == "Settings"
        before = app.app.theme
        await app.press("right", "right")
        assert app.service.set["theme"] == app.app.themes.wanted
        assert app.app.theme != before
        await app.press("down", "left")
        assert app.service.set["keys.preset"] == "emacs"
        assert "‹ emacs ›" in app.shown
        await app.press("ctrl+n", "space", "escape")
        assert app.service.set["hook.say"] == "quiet"
        assert await app.runs("ctrl+n") == ["walk(1)"]
