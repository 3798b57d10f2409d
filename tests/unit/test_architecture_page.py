"""Every file that the architecture page names is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/architecture.md").read_text()
CODE = ROOT / "app/keybound"


def test_what_it_names_is_there() -> None:
    files = {path.name for path in CODE.rglob("*.py")}
    named = re.findall(r"`((?:[a-z_]+/)*[a-z_]+\.py)`", PAGE)
    assert len(named) > 30
    for name in named:
        assert (CODE / name).is_file() if "/" in name else name in files, name


def test_it_has_every_room() -> None:
    rooms = {path.name for path in CODE.iterdir() if (path / "__init__.py").is_file()}
    assert rooms <= set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE))
