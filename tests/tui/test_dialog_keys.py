"""Every dialog is opened by its key and left by esc: nothing is done, and the focus is where it was."""

import pytest

from support.tui import driven

OPENED = {
    "Settings": ("S",),
    "DueSoon": ("C",),
    "Alerts": ("N",),
    "HowThingsStand": ("K",),
    "Doctor": ("F",),
    "Messages": ("M",),
    "Help": ("question_mark",),
    "Choose": ("Y",),
    "AddToken": ("a",),
    "ImportPlain": ("i",),
    "Switch": ("p",),
    "Bind": ("b",),
    "Approve": ("A",),
    "Confirm": ("u",),
    "Warned": ("X",),
    "Compare": ("3", "ctrl+d"),
}


@pytest.mark.parametrize("name", OPENED)
async def test_it_is_left_as_if_it_had_never_been_opened(name: str) -> None:
    async with driven() as app:
        *before, key = OPENED[name]
        await app.press("j", "j", *before)
        focused = app.app.focused
        await app.press(key)
        await app.until(lambda: app.dialog == name)
        assert await app.runs("q" if name in ("Settings", "Help", "Messages") else "escape") == ["cancel"]
        await app.press("escape")
        assert (app.dialog, app.app.focused) == ("", focused)
        assert [
            call for call in app.service.calls if call[0] not in ("see_alerts", "search_plain", "forget_plain")
        ] == []
