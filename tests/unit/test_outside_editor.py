"""The user's own editor, with its draft on a disk that has no room."""

import os
import tempfile
from pathlib import Path

import pytest

from keybound.domain.errors import BadInputError
from keybound.tui.profile.outside import edit_outside


def test_no_room_for_a_draft_is_said_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(BadInputError, match="cannot write a draft"):
        edit_outside("x" * 300, "text", os.environ)  # a name that no file system takes
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(BadInputError, match="cannot write a draft"):
        edit_outside("staging", "text", os.environ)
