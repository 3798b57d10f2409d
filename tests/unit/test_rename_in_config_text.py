"""What of config.toml is no rule for a renamed profile stays as it is."""

from pathlib import Path

import pytest

from keybound.custody.context.home import Home
from keybound.custody.profiles.rename_in_config import rename_in_config


@pytest.mark.parametrize("text", ['use = "work"\n', "[[use]]\nprofile = 5\n", "[keys]\n", "use = [1, 2]\n"])
def test_what_is_no_rule_stays(tmp_path: Path, text: str) -> None:
    settings = tmp_path / "config.toml"
    settings.write_text(text)
    assert rename_in_config(Home(*[str(tmp_path)] * 4), "work", "job") == ""
    assert settings.read_text() == text


def test_a_file_that_is_no_toml_is_left_and_said(tmp_path: Path) -> None:
    settings = tmp_path / "config.toml"
    settings.write_text("[[use\n")
    assert "they keep that name" in rename_in_config(Home(*[str(tmp_path)] * 4), "work", "job")
    assert settings.read_text() == "[[use\n"
