"""The doctor's findings: the worst first, each with what to do; what is safe is mended by a button, and looked at again."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from textual.widgets import Button

from keybound.custody.application.app_service import CustodyAppService
from keybound.custody.context.context import Context
from keybound.custody.view_models.health import Examination, Health, HealthRow
from support.sample_service import HEALTH, SampleService
from support.tui import driven


@dataclass
class Looks:
    """How often was looked."""

    count: int = 0


def counted(service: SampleService) -> Looks:
    looks = Looks()
    examine = service.examine

    def look() -> Examination:
        looks.count += 1
        return examine()

    service.examine = look  # type: ignore[method-assign]
    return looks


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_the_worst_stands_first(size: tuple[int, int]) -> None:
    async with driven(size=size) as app:
        await app.press("F")
        await app.until(lambda: app.dialog == "Doctor")
        places = [
            app.shown.index(text) for text in ("× modes", "× profiles", "▲ hook", "In order   home, store, versions")
        ]
        assert places == sorted(places)
        for text in ("Correct it: keybound profile edit broken", "Mend what is safe", "Close"):
            assert text in app.shown


async def test_enter_leaves_and_mends_nothing() -> None:
    async with driven() as app:
        await app.press("F")
        await app.until(lambda: app.dialog == "Doctor")
        await app.press("enter")
        await app.until(lambda: app.dialog == "")
        assert app.service.calls == []


async def test_what_is_safe_is_mended_and_looked_at_again() -> None:
    async with driven() as app:
        await app.press("F")
        await app.until(lambda: app.dialog == "Doctor")
        await app.press("shift+tab", "enter")
        await app.until(lambda: "modes: mended" in app.shown)
        assert app.service.calls == [("mend",)]
        await app.until(lambda: app.dialog == "Doctor")
        assert "× modes" not in app.shown
        assert "× profiles" in app.shown
        assert [str(one.label) for one in app.app.screen.query(Button)] == ["Close"]


async def test_it_looks_again() -> None:
    service = SampleService()
    looks = counted(service)
    async with driven(service) as app:
        await app.press("F")
        await app.until(lambda: app.dialog == "Doctor")
        service.health = Examination((HealthRow("store", Health.OK, "the keyring is open", "", False),))
        await app.press("R")
        await app.until(lambda: "All is in order: 1 check." in app.shown)
        assert looks.count == 2
        assert "Mend" not in app.shown


async def test_a_long_list_is_scrolled_and_its_buttons_stay() -> None:
    service = SampleService()
    service.health = Examination(HEALTH.rows * 8)
    async with driven(service, size=(80, 24)) as app:
        await app.press("F")
        await app.until(lambda: app.dialog == "Doctor")
        assert "Close" in app.shown
        assert "In order" not in app.shown
        await app.press(*["pagedown"] * 8)
        await app.until(lambda: "In order" in app.shown)


def test_a_real_home_is_looked_at_and_mended(environ: dict[str, str], open_store: None, tmp_path: Path) -> None:
    context = Context(environ, str(tmp_path))
    context.write_line("store", "file")
    service = CustodyAppService(context)
    path = f"{context.home.state}/store"
    Path(path).chmod(0o644)
    (row,) = [one for one in service.examine().rows if one.check == "modes"]
    assert (row.status, row.mendable, path in row.message) == (Health.FAIL, True, True)
    after = service.mend()
    assert after.done == (f"modes: mended: {path}: made your own alone",)
    assert [one.status for one in after.rows if one.check == "modes"] == [Health.OK]
    assert service.mend().done == ()
