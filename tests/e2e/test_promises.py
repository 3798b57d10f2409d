"""What a file of ours promises is kept, or it is said that it is not: config.toml's keys."""

import json
from pathlib import Path

import pytest

from support.staging import Run, furnish

VERBS = [
    ("list",), ("status",), ("check",), ("exec", "staging", "--", "true"), ("env", "staging", "--shell", "bash"),
    ("log",), ("use",), ("show", "staging/github"), ("profile", "list"),
]  # fmt: skip


@pytest.fixture
def staging(keybound: Run, profiles: Path, home: Path) -> Path:
    furnish(keybound, profiles, home)
    return profiles / "staging.toml"


@pytest.mark.parametrize(
    ("text", "line"), [("bogus = 1\n", 1), ("schema = 1\n[[alert]]\nwhen = ['expired']\n", 2), ("[hook]\nsya = 'quiet'\n", 2)]
)  # fmt: skip
def test_an_unknown_key_of_config_is_an_error(keybound: Run, staging: Path, text: str, line: int) -> None:
    config = staging.parent.parent / "config.toml"
    config.write_text(text)
    for verb in VERBS:
        done = keybound(*verb)
        assert done.returncode == (1 if verb == ("check",) else 2), (verb, done)
        assert f"{config}:{line}:" in (done.stdout + done.stderr).decode(), verb
    problems = json.loads(keybound("check", "--json").stdout)
    assert [(one["rule"], one["profile"]) for one in problems] == [("file", "")]


def test_the_hook_says_it_and_takes_nothing(keybound: Run, staging: Path, tmp_path: Path) -> None:
    (staging.parent.parent / "config.toml").write_text("bogus = 1\n")
    done = keybound("hook-step", "bash", str(tmp_path / "hook"), more={"KEYBOUND_PROFILE": "staging"})
    assert b"GITHUB_TOKEN" in done.stdout
    assert b"config.toml:1:1" in done.stderr
    assert b"unknown key 'bogus'" in done.stderr
