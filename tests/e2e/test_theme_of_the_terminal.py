"""Which theme the application opens in: asked for, set, or as the terminal says that it is."""

from collections.abc import Callable
from pathlib import Path

import pytest

from support.staging import Run, furnish
from support.terminal import Screen

DARK, LIGHT, NORD = "17;21;28", "251;250;247", "46;52;64"  # the grounds, as they are painted


@pytest.fixture
def opened(keybound: Run, environ: dict[str, str], profiles: Path, home: Path) -> Callable[..., Screen]:
    furnish(keybound, profiles, home)

    def start(*arguments: str, **variables: str) -> Screen:
        return Screen(list(arguments), {**environ, "COLORTERM": "truecolor", "TERM": "xterm-256color", **variables})

    return start


def ground(screen: Screen) -> str:
    """The colour of the ground, once all is shown."""
    screen.until("GITHUB_TOKEN")
    found = [each for each in (DARK, LIGHT, NORD) if f"48;2;{each}" in screen.raw.decode(errors="replace")]
    screen.end()
    return " and ".join(found)


def test_one_that_is_asked_for(opened: Callable[..., Screen]) -> None:
    assert ground(opened("--theme", "nord")) == NORD
    assert ground(opened("--theme=nord")) == NORD


def test_one_that_is_set(opened: Callable[..., Screen], home: Path) -> None:
    (home / ".config" / "keybound" / "config.toml").write_text('theme = "nord"\n')
    assert ground(opened()) == NORD
    assert ground(opened("--theme", "auto")) == DARK
