"""The table [keys]: what it changes, and what it refuses with both lines."""

from pathlib import Path

import pytest

from keybound.custody.context.config import read_config
from keybound.custody.context.home import Home
from keybound.domain.errors import BadInputError
from keybound.domain.profile.action_keys import NAMES, PRESETS
from keybound.domain.profile.key_settings import can_be_pressed, keys_of


def read(tmp_path: Path, text: str) -> dict[str, tuple[str, ...]]:
    (tmp_path / "config.toml").write_text(text)
    keys = read_config(Home(*[str(tmp_path)] * 4)).keys
    return dict(keys_of(keys or {}))


def test_every_key_means_one_thing_in_every_preset() -> None:
    for preset in PRESETS:
        keys = [key for each in keys_of({"preset": preset}).values() for key in each]
        assert sorted(keys) == sorted(set(keys)), preset
        assert [key for key in keys if not can_be_pressed(key)] == []
        assert PRESETS[preset].keys() <= NAMES.keys()


def test_an_action_gets_the_keys_that_are_written_and_no_other(tmp_path: Path) -> None:
    keys = read(tmp_path, '[keys]\nrefresh = "f5"\napprove = ["A", "ctrl+y"]\ncopy = []\n')
    assert (keys["refresh"], keys["approve"], keys["copy"]) == (("f5",), ("A", "ctrl+y"), ())
    assert keys["expire"] == ("x",)


def test_keys_that_widgets_listen_to_stay(tmp_path: Path) -> None:
    assert read(tmp_path, '[keys]\nup = "ctrl+k"\n')["up"] == ("up", "ctrl+k")


def test_a_preset_is_changed_by_what_is_written_beside_it(tmp_path: Path) -> None:
    keys = read(tmp_path, '[keys]\npreset = "emacs"\nback = "ctrl+t"\n')
    assert (keys["up"], keys["back"]) == (("up", "ctrl+p"), ("escape", "ctrl+t"))


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('[keys]\nrefresh = "f5"\nexpire = "f5"\n', 3, "f5 is also the key of refresh (PATH:2:1)"),
        ('[keys]\nexpire = "r"\n', 2, "r is also the key of refresh"),
        ('[keys]\nrefresh = "x"\n', 2, "x is also the key of expire"),
        ('[keys]\n\nrefresch = "x"\n', 3, "unknown action 'refresch'"),
        ('[keys]\npreset = "vi"\n', 2, "'vi' is not a preset"),
        ('[keys]\nrefresh = "control+r"\n', 2, "'control+r' is not a key"),
        ('[keys]\nrefresh = "enter"\n', 2, "enter always does what it does, and cannot be given to an action"),
        ("[keys]\nrefresh = 5\n", 2, "must be a list of texts in quotes"),
    ],
)
def test_what_cannot_be_is_refused_with_its_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    with pytest.raises(BadInputError) as found:
        read(tmp_path, text)
    path = str(tmp_path / "config.toml")
    assert found.value.where.startswith(f"{path}:{line}:"), found.value.where
    assert found.value.what.replace(path, "PATH") == said


def test_the_page_tells_the_keys_of_every_action() -> None:
    page = (Path(__file__).parents[2] / "docs" / "files.md").read_text()
    for name, keys in NAMES.items():
        if not name.startswith("tab_"):
            assert f"| `{name}` | {' '.join(f'`{key}`' for key in keys)} | " in page, name
