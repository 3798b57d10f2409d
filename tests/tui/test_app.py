"""The frame: evaluation, watching, tabs, themes, crashes."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterable

import pytest

from keybound.custody.view_models.outcomes import Outcome
from keybound.domain.errors import StoreLockedError, UnavailableError
from keybound.domain.text.secret import Secret
from keybound.domain.verdict.states import State
from keybound.tui.app import crash_line
from keybound.tui.frame.footer import fitting
from keybound.tui.hints import Hint
from keybound.tui.watching import OneAtATime
from support.sample_service import OVERVIEW, SampleService
from support.tui import driven, sample_app, settle


class Watch:
    """Notes what is watched; ``fire`` reports a change from another thread."""

    def __init__(self) -> None:
        self.paths: list[tuple[str, ...]] = []
        self.stopped = 0
        self.change: Callable[[], None] = lambda: None

    def __call__(self, paths: Iterable[str], on_change: Callable[[], None]) -> Callable[[], None]:
        self.paths.append(tuple(paths))
        self.change = on_change
        on_change()

        def stop() -> None:
            self.stopped += 1

        return stop

    def fire(self, times: int = 1) -> None:
        thread = threading.Thread(target=lambda: [self.change() for _ in range(times)])
        thread.start()
        thread.join()


async def test_a_change_is_evaluated_once_and_its_token_toasted() -> None:
    watch, service = Watch(), SampleService()
    async with driven(service, watch=watch) as app:
        before = service.evaluations
        tokens = (OVERVIEW.tokens[3]._replace(state=State.EXPIRED, why="settings.region is moved"),)
        service.view = OVERVIEW._replace(tokens=OVERVIEW.tokens[:3] + tokens + OVERVIEW.tokens[4:])
        watch.fire(20)
        await app.pilot.pause(0.3)
        await app.settle()
        assert service.evaluations == before + 1
        assert app.toasts == ["staging/github expired: settings.region is moved"]
        service.view = service.view._replace(watched=("/other",))
        await app.press("R")
        assert watch.paths[-1] == ("/other",)
        assert watch.stopped == 1
    assert watch.stopped == 2


async def test_evaluations_never_overlap_and_a_change_during_one_queues_exactly_one() -> None:
    running, most, runs = 0, 0, 0

    async def work() -> None:
        nonlocal running, most, runs
        running += 1
        most, runs = max(most, running), runs + 1
        await asyncio.sleep(0.01)
        running -= 1

    single = OneAtATime(work)
    await asyncio.gather(*(single.ask() for _ in range(5)))
    assert (most, runs) == (1, 2)
    await single.ask()
    assert runs == 3


async def test_a_dead_store_is_a_line_and_the_program_still_quits() -> None:
    service = SampleService()
    release = threading.Event()

    def hang() -> None:
        release.wait(20)

    service.before_answer = hang
    app = sample_app(service)
    began = time.monotonic()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert app.main_screen.query("Header")
        await pilot.press("q")
    assert time.monotonic() - began < 10
    release.set()

    def fail() -> None:
        raise UnavailableError("the store does not answer", hint="try again")

    service = SampleService()
    service.before_answer = fail
    app = sample_app(service)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.pause(0.2)
        assert [note.message for note in app._notifications] == ["the store does not answer\n  try again"]


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 20), (40, 12)])
async def test_every_tab_opens_at_every_size(size: tuple[int, int]) -> None:
    async with driven(size=size) as app:
        for at in (2, 3, 4, 3, 5, 1):
            await app.press(str(at))
            assert app.app.main_screen.tab == at - 1


async def test_clicks_on_tabs_and_footer_keys() -> None:
    async with driven() as app:
        await app.pilot.click("Header", offset=(15, 1))
        await app.settle()
        assert app.app.main_screen.tab == 1


def test_the_footer_drops_whole_keys_least_important_first() -> None:
    hints = [Hint("a", "one", 1), Hint("b", "two", 9), Hint("c", "three", 5)]
    assert [hint.shown for hint in fitting(hints, 40)] == ["a", "b", "c"]
    assert [hint.shown for hint in fitting(hints, 17)] == ["a", "c"]
    assert [hint.shown for hint in fitting(hints, 8)] == ["a"]


async def test_a_crash_shows_no_value() -> None:
    app = sample_app()

    def fail() -> None:
        local = "sample-not-a-secret"
        raise RuntimeError(local)

    async def run() -> None:
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            app.call_later(fail)
            await pilot.pause()

    with pytest.raises(RuntimeError):
        await run()
    assert app.return_code == 1
    assert "RuntimeError" in app.crash
    assert "sample-not-a-secret" not in app.crash


def test_a_crash_line_names_the_place() -> None:
    with pytest.raises(ValueError, match="•") as caught:
        raise ValueError(Secret("x"))
    assert "ValueError at test_app.py" in crash_line(caught.value)


async def test_welcome_where_there_is_nothing() -> None:
    service = SampleService(OVERVIEW._replace(tokens=()))
    async with driven(service, size=(80, 24)) as app:
        assert app.dialog == "Welcome"
        assert all(way in app.shown for way in ("add a token to staging", "plain tokens", "demo"))
        await app.press("E")
        assert app.toasts == ["this terminal cannot show the demo; outside: keybound demo"]
        assert app.dialog == "Welcome"
        await app.press("escape")
        assert app.dialog == ""


async def test_a_locked_store_is_offered_once_and_L_asks_again() -> None:
    service = SampleService(OVERVIEW._replace(store="file", store_status="locked", notes=("the file store is locked",)))
    async with driven(service) as app:
        assert app.dialog == "Unlock"
        assert app.toasts == [], "said once, in the dialog"
        await app.press("escape")
        app.app.look_again()
        await app.settle()
        assert app.dialog == "", "a second look asks nothing"
        await app.press("L")
        await app.type("wrong horse")
        assert "wrong horse" not in app.shown
        service.view = service.view._replace(store_status="open")
        await app.press("enter")
        await app.settle()
        assert app.did == ["unlock"]
        assert app.dialog == ""


async def test_a_locked_keyring_says_what_the_prompter_will_do_and_the_application_goes_on() -> None:
    asked, answer = threading.Event(), threading.Event()

    class Slow(SampleService):
        def unlock(self, ask: Callable[[str], Secret] | None) -> Outcome:
            asked.set()
            assert answer.wait(20)
            raise StoreLockedError("the keyring's prompt was dismissed")

    async with driven(Slow(OVERVIEW._replace(store_status="locked"))) as app:
        assert "Your system will ask" in app.shown
        assert "60 s" in app.shown
        await app.pilot.press("enter")
        assert await asyncio.to_thread(asked.wait, 20)
        await app.press("escape", "5")
        assert "staging/registry" in app.shown, "the journal is read while the prompter waits"
        answer.set()
        for _ in range(200):
            if app.toasts:
                break
            await app.pilot.pause(0.02)
        assert any("dismissed" in said for said in app.toasts)


async def test_a_store_opened_from_elsewhere_ends_the_question() -> None:
    service = SampleService(OVERVIEW._replace(store="file", store_status="locked"))
    async with driven(service) as app:
        assert app.dialog == "Unlock"
        service.view = OVERVIEW
        app.app.look_again()
        await app.settle()
        assert app.dialog == ""
