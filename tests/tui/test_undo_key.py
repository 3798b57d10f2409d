"""U takes the last change back, after its plan."""

from keybound.custody.view_models.plans import ProfileChange
from support.sample_service import NOW, SampleService
from support.tui import driven


async def test_the_last_change_is_taken_back_after_its_plan() -> None:
    service = SampleService()
    service.changes = [
        ProfileChange("staging", "edit staging.toml", NOW - 60, service.text.replace("true", "false"), service.text)
    ]
    async with driven(service) as app:
        await app.press("U")
        assert app.dialog == "Confirm"
        assert "Undo: edit staging.toml?" in app.shown
        assert "Secrets, and expiries that are recorded" in app.shown
        await app.press("enter")
        assert service.calls[-1][:2] == ("take back", "staging")
        await app.press("U")
        assert "nothing to undo" in app.shown


async def test_unsaved_text_is_not_lost_by_it() -> None:
    async with driven() as app:
        await app.press("3", "enter", "x", "escape", "U")
        assert app.dialog == ""
        assert "save or revert the unsaved text first" in app.shown
