"""Every screen and dialog at both sizes; the pictures are looked at by a person before they are kept."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from keybound.custody.view_models.plain import PlainFound
from keybound.custody.view_models.tokens import UsageView
from keybound.domain.verdict.states import State
from keybound.tui.profile.pane import PAUSE
from support.crowded_service import CROWDED
from support.dense_service import DENSE
from support.sample_service import GITHUB, NOW, OVERVIEW, SampleService
from support.tui import sample_app, settle

SIZES = {"120": (120, 40), "80": (80, 24)}
SCENES: dict[str, tuple[str, ...]] = {
    "tokens": (),
    "tokens-group": ("up",),
    "tokens-filter": ("slash", "d", "e", "p"),
    "map-rest": ("2",),
    "map-token": ("2", "down", "right"),
    "map-key": ("2", "down", "down", "down"),
    "matrix": ("2", "down", "m"),
    "profile": ("3",),
    "profile-typing": ("3", "enter"),
    "profile-switched": ("3", "f6", "down", "down", "space", "f6", "f6"),
    "compare": ("3", "f6", "down", "space", "ctrl+d"),
    "drift": ("4",),
    "journal": ("5",),
    "add": ("a",),
    "import": ("i",),
    "import-stored": ("i", "o", "down", "down", "down"),
    "import-by-hand": ("i", "end", "up"),
    "imported": ("i", "o", "enter"),
    "bind": ("down", "down", "down", "b"),
    "widen": ("w",),
    "switch": ("p",),
    "profile-new": ("p", "plus"),
    "profile-rename": ("p", "f2"),
    "profile-remove": ("p", "D"),
    "approve": ("A",),
    "refresh": ("r",),
    "renew": (*["down"] * 4, "r"),
    "login": (*["down"] * 5, "r"),
    "revoke": ("down", "down", "X"),
    "calendar": ("C",),
    "status": ("K",),
    "doctor": ("F",),
    "to-revoke": ("down", "down"),
    "expire": ("x",),
    "help": ("question_mark",),
    "plan-moves": ("3", "f6", "f6", "f6", "enter", *["down"] * 13, "home", *["right"] * 11, *["delete"] * 8, *"reader"),
}
DENSE_SCENES: dict[str, tuple[str, ...]] = {
    "rest": ("2",),
    "token": ("2", "down", "right", "down", "down", "down"),
    "key": ("2", *["down"] * 24),
    "matrix": ("2", "m", "down", "down", "down", "right", "right", "right"),
}
CROWDED_SCENES: dict[str, tuple[str, ...]] = {
    "overview": ("2",),
    "bundled": ("2", "enter"),
    "opened": ("2", "enter", "right", "enter", "down"),
    "found": ("2", "enter", "slash", *"ci-1"),
    "around-file": ("2", "end", "enter"),
    "around-token": ("2", "enter", "right", "enter", "down", "f"),
}
SMALL_SCENES: dict[str, tuple[str, ...]] = {
    "focus": ("2", "down", "right", "f"),
    "path": ("2", "down", "space", "right", "down", "space"),
    "find": ("2", "slash", "n", "p", "m"),
}
DIALOGS = {(key,) for key in ("a", "i", "b", "w", "p", "A", "r", "x", "X", "C", "N", "K", "F", "question_mark")}


@pytest.fixture(autouse=True)
def fixed_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.delenv("NO_COLOR", raising=False)
    time.tzset()


def pressing(keys: tuple[str, ...]) -> Callable[[Pilot[Any]], Any]:
    async def run(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        for key in keys:
            await pilot.press(key)
            await settle(pilot)
        for _ in range(100):  # a dialog opens from a worker, after its answer came
            if keys[-1:] in DIALOGS and len(pilot.app.screen_stack) < 2:
                await pilot.pause(0.02)
        await settle(pilot)
        for box in pilot.app.screen.query(Input):
            box._pause_blink()
        for text in pilot.app.screen.query(TextArea):
            text._pause_blink()
        await still(pilot)

    return run


async def still(pilot: Pilot[Any]) -> None:
    """Wait until the picture is the same three times in a row; plans come after a pause of their own."""
    await pilot.pause(PAUSE + 0.05)
    same, before = 0, ""
    for _ in range(60):
        await pilot.pause(0.03)
        await settle(pilot)
        now = pilot.app.export_screenshot(simplify=True)
        same, before = (same + 1, now) if now == before else (0, now)
        if same == 2:
            return


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scene", SCENES)
def test_scene(snap_compare: Any, scene: str, size: str) -> None:
    assert snap_compare(sample_app(), terminal_size=SIZES[size], run_before=pressing(SCENES[scene]))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scene", DENSE_SCENES)
def test_dense_map(snap_compare: Any, scene: str, size: str) -> None:
    keys = DENSE_SCENES[scene]
    assert snap_compare(sample_app(SampleService(DENSE)), terminal_size=SIZES[size], run_before=pressing(keys))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scene", CROWDED_SCENES)
def test_crowded_map(snap_compare: Any, scene: str, size: str) -> None:
    keys = CROWDED_SCENES[scene]
    assert snap_compare(sample_app(SampleService(CROWDED)), terminal_size=SIZES[size], run_before=pressing(keys))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scene", SMALL_SCENES)
def test_map_modes(snap_compare: Any, scene: str, size: str) -> None:
    assert snap_compare(sample_app(), terminal_size=SIZES[size], run_before=pressing(SMALL_SCENES[scene]))


def test_wide_map(snap_compare: Any) -> None:
    assert snap_compare(sample_app(), terminal_size=(200, 40), run_before=pressing(SCENES["map-token"]))


@pytest.mark.parametrize("size", SIZES)
def test_add_recognises(snap_compare: Any, size: str) -> None:
    service = SampleService()
    service.known["s"] = GITHUB
    assert snap_compare(sample_app(service), terminal_size=SIZES[size], run_before=pressing(("a", "s", *["tab"] * 6)))


@pytest.mark.parametrize("size", SIZES)
def test_nothing_to_import(snap_compare: Any, size: str) -> None:
    service = SampleService()
    service.plain = PlainFound("", 23)
    assert snap_compare(sample_app(service), terminal_size=SIZES[size], run_before=pressing(("i",)))


@pytest.mark.parametrize("size", SIZES)
def test_usage(snap_compare: Any, size: str) -> None:
    service = SampleService()
    programs = (
        ("curl", 1, True),
        ("make", 2948, False),
        ("terraform", 171, False),
        ("fish", 12, False),
        ("git", 1, False),
    )
    days = (31, 0, 4, 0, 0, 12, 38, 9, 0, 0, 2, 17, 40, 6)
    service.used["staging/deploy"] = UsageView(3133, NOW - 200 * 86_400, days, programs)
    assert snap_compare(sample_app(service), terminal_size=SIZES[size], run_before=pressing(()))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("keys", [(), ("N",)], ids=["unseen", "listed"])
def test_alerts(snap_compare: Any, keys: tuple[str, ...], size: str) -> None:
    service = SampleService(OVERVIEW._replace(alerts=2))
    assert snap_compare(sample_app(service), terminal_size=SIZES[size], run_before=pressing(keys))


@pytest.mark.parametrize("theme", ["keybound-light", "keybound-ansi"])
@pytest.mark.parametrize("scene", SCENES)
def test_theme(snap_compare: Any, scene: str, theme: str) -> None:
    assert snap_compare(sample_app(theme=theme), terminal_size=(120, 40), run_before=pressing(SCENES[scene]))


def test_without_colour(snap_compare: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(sample_app(), terminal_size=(120, 40), run_before=pressing(SCENES["map-token"]))


def test_in_ascii(snap_compare: Any) -> None:
    app = sample_app(ascii_only=True)
    assert snap_compare(app, terminal_size=(80, 24), run_before=pressing(SCENES["map-token"]))


def test_very_narrow(snap_compare: Any) -> None:
    assert snap_compare(sample_app(), terminal_size=(60, 20), run_before=pressing(("2",)))


@pytest.mark.parametrize("size", SIZES)
def test_welcome(snap_compare: Any, size: str) -> None:
    service = SampleService(OVERVIEW._replace(tokens=()))
    assert snap_compare(sample_app(service), terminal_size=SIZES[size], run_before=pressing(()))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("machine", ["keyring", "files", "locked", "profile"])
def test_first_run(snap_compare: Any, machine: str, size: str) -> None:
    status = "open" if machine == "profile" else "none"
    service = SampleService(OVERVIEW._replace(profiles=(), tokens=(), active="", store="file", store_status=status))
    choice = service.first_run.choice
    service.first_run.choice = {
        "files": choice._replace(keyring="there is no session bus, and so no keyring"),
        "locked": choice._replace(keyring="the keyring is locked", locked=True),
    }.get(machine, choice)
    keys = tuple("horse") if machine == "files" else ()
    assert snap_compare(sample_app(service), terminal_size=SIZES[size], run_before=pressing(keys))


@pytest.mark.parametrize("size", SIZES)
def test_a_definition_that_is_gone_and_a_part_without_tokens(snap_compare: Any, size: str) -> None:
    profiles = (OVERVIEW.profiles[0]._replace(unapproved_parts=("env",)), *OVERVIEW.profiles[1:])
    few = tuple(each for each in OVERVIEW.tokens if each.profile == "staging")
    service = SampleService(OVERVIEW._replace(tokens=few, profiles=profiles, orphans=("staging/old",)))
    assert snap_compare(sample_app(service), terminal_size=SIZES[size], run_before=pressing(("end", "up")))


@pytest.mark.parametrize("size", SIZES)
def test_a_home_that_was_moved(snap_compare: Any, size: str) -> None:
    gone = tuple(each._replace(state=State.MISSING, elsewhere=True, findings=()) for each in OVERVIEW.tokens[:6])
    service = SampleService(OVERVIEW._replace(tokens=gone, made_as="/home/ada/old/.config/keybound"))
    assert snap_compare(sample_app(service), terminal_size=SIZES[size], run_before=pressing(()))
