"""Tokens that follow the caller's repository and the files near it, through the command line and a hooked shell."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]

SESSION = """
eval "$(keybound hook bash)"
look() { _keybound_hook; echo "$1 ${TT-none}"; if _keybound_changed; then echo "still changing"; fi; }
cd "$HOME/repo/sub"
look begin
git symbolic-ref HEAD refs/heads/other
look branch
git symbolic-ref HEAD refs/heads/main
look back
echo '{"v": "0.1.0"}' > package.json
look nearer
rm package.json
look gone
git config remote.origin.url https://elsewhere.example/x
look remote
git config remote.origin.url https://git.example/acme/x
look home
cd "$HOME"
look outside
"""


@pytest.fixture
def repository(home: Path, environ: dict[str, str]) -> Path:
    folder = home / "repo" / "sub"
    folder.mkdir(parents=True)
    for words in ("init -q -b main", "remote add origin https://git.example/acme/x"):
        subprocess.run(["git", *words.split()], cwd=folder.parent, env=environ, check=True)
    (folder.parent / "package.json").write_text('{"v": "1.4.0"}')
    return folder


def test_a_hooked_shell_follows_branch_remote_and_the_nearest_file(
    keybound: Run, repository: Path, environ: dict[str, str], profiles: Path
) -> None:
    assert keybound("init").returncode == 0
    done = keybound(
        "add", "default/t", "--env", "TT",
        "--bind", "git:branch equals=main",
        "--bind", "git:remote.origin.url url_host=git.example",
        "--bind", 'here:package.json#v min={ semver = "1.2.0" }',
        "--yes",  # from here, outside the repository, all three are outside
        given=b"canary-value\n",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert '{ min = { semver = "1.2.0" } }' in (profiles / "default.toml").read_text()
    session = subprocess.run(
        ["bash", "-c", SESSION], env=environ, capture_output=True, text=True, timeout=120, check=True
    )
    assert session.stdout.splitlines() == [
        "begin canary-value", "branch none", "back canary-value", "nearer none", "gone canary-value", "remote none",
        "home canary-value", "outside none",
    ]  # fmt: skip
    rows = json.loads(keybound("list", "--json").stdout)
    assert [row["state"] for row in rows] == ["suspended"]  # for this caller; nothing was recorded
    events = [json.loads(line)["kind"] for line in keybound("log", "--json").stdout.splitlines()]
    assert "expired" not in events
