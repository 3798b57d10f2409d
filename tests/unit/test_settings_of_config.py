"""Settings are written into config.toml; its comments stay, and a broken file is left as it is."""

from pathlib import Path

import pytest

from keybound.custody.application.settings import change_setting, settings
from keybound.custody.context.home import Home
from keybound.domain.errors import BadInputError

TEXT = '# mine\nschema = 1\n[hook]   # the hook\nsay = "normal"  # or quiet\n[keys]\nrefresh = "f5"\n'


def home_of(tmp_path: Path) -> Home:
    return Home(*[str(tmp_path / "config")] * 4)


def test_what_is_changed_is_written_and_everything_else_stays(tmp_path: Path) -> None:
    home = home_of(tmp_path)
    change_setting(home, "hook.say", "quiet")
    Path(home.settings).write_text(TEXT)
    config = change_setting(home, "hook.say", "verbose")
    assert Path(home.settings).read_text() == TEXT.replace('"normal"', '"verbose"')
    assert (config.say, config.keys) == ("verbose", {"refresh": "f5"})
    for each in settings(home):
        for value in each.choices:
            change_setting(home, each.name, value)
            assert next(one.value for one in settings(home) if one.name == each.name) == value
    assert "# mine" in Path(home.settings).read_text()


def test_a_preset_that_clashes_with_ones_own_keys_is_refused(tmp_path: Path) -> None:
    home = home_of(tmp_path)
    change_setting(home, "hook.say", "quiet")
    text = '[keys]\nrefresh = "ctrl+n"\n'
    Path(home.settings).write_text(text)
    with pytest.raises(BadInputError, match="cannot be emacs"):
        change_setting(home, "keys.preset", "emacs")
    assert Path(home.settings).read_text() == text


def test_a_broken_file_is_not_touched(tmp_path: Path) -> None:
    home = home_of(tmp_path)
    change_setting(home, "hook.say", "quiet")
    Path(home.settings).write_text("[hook\n")
    with pytest.raises(BadInputError):
        change_setting(home, "hook.say", "normal")
    assert Path(home.settings).read_text() == "[hook\n"
