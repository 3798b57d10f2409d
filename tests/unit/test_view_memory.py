"""How the application was left is a matter of comfort: whatever the file holds, nothing fails."""

from pathlib import Path

import pytest

from keybound.custody.application.view_memory import keep_view, read_view
from keybound.custody.context.home import Home


def test_what_is_kept_is_read(tmp_path: Path) -> None:
    home = Home(*[str(tmp_path)] * 4)
    keep_view(home, {"tab": "Map", "Tokens": {"folded": ["a"]}})
    assert read_view(home) == {"tab": "Map", "Tokens": {"folded": ["a"]}}
    assert (tmp_path / "view.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("text", ["", "[", "[]", "5", "\udc80", "[" * 100_000])
def test_a_damaged_file_is_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "view.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    assert read_view(Home(*[str(tmp_path)] * 4)) == {}


def test_no_state_folder_is_made_for_it(tmp_path: Path) -> None:
    keep_view(Home(*[str(tmp_path / "none")] * 4), {"tab": "Map"})
    assert not (tmp_path / "none").exists()
