"""The pictures of README and docs are those that the application makes now."""

import re
from pathlib import Path

import pytest

from pictures.making import FOLDER, PICTURES, make

TOP = Path(__file__).parents[2]


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_fresh(name: str) -> None:
    fresh = (FOLDER / f"{name}.svg").read_text() == make(name)
    assert fresh, "look at what changed, then: cd tests && python -m pictures"


def test_every_picture_is_shown_and_every_shown_one_is_made() -> None:
    pages = [TOP / "README.md", *(TOP / "docs").glob("*.md")]
    shown = {name for page in pages for name in re.findall(r"pictures/([a-z-]+)\.svg", page.read_text())}
    assert shown == set(PICTURES) == {path.stem for path in FOLDER.glob("*.svg")}
