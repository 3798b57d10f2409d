"""Every file and folder of ours is its owner's alone, whatever the umask; a walk through the tree after all verbs."""

import os
import stat
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from keybound.cli.registry import VERBS
from support.pane import pane
from support.staging import COMMAND, Run, furnish

# verb: what it is given; in this order, so that each has something to do. Those without a row write nothing.
ACTS: list[tuple[str, list[str], bytes]] = [
    ("init", [], b""),
    ("profile", ["new", "other"], b""),
    ("profile", ["set", "other", "settings.a", "1", "--yes"], b""),
    ("add", ["other/one", "--env", "ONE", "--bind", "settings.a equals=1"], b"one\n"),
    ("add", ["other/two", "--env", "TWO"], b"two\n"),
    ("bind", ["other/two", "cwd", "exists=true"], b""),
    ("unbind", ["other/two", "cwd"], b""),
    ("set", ["other/two", "ttl", "30d", "--yes"], b""),
    ("token", ["rename", "other/two", "second"], b""),
    ("file", ["more", "~/more.yaml", "--profile", "other", "--yes"], b""),
    ("use", ["other"], b""),
    ("list", [], b""),
    ("status", [], b""),
    ("show", ["one"], b""),
    ("why", ["one"], b""),
    ("refresh", ["other/one"], b"new\n"),
    ("env", ["--shell", "bash"], b""),
    ("exec", ["--", "true"], b""),
    ("scan", ["project"], b""),
    ("import", ["import.env", "--yes", "--replace"], b""),
    ("exec", ["--mask", "--file", "ONE", "--", "true"], b""),
    ("inject", ["-o", "out"], b"{{ one }}"),
    ("shim", ["true"], b""),
    ("allow", ["project"], b""),
    ("deny", ["project"], b""),
    ("allow", ["project"], b""),
    ("plan", ["other", "--set", "settings.a=2"], b""),
    ("check", [], b""),
    ("jwks", ["other"], b""),
    ("mint", ["other/one"], b""),
    ("docs", [], b""),
    ("agent", ["start"], b""),
    ("alerts", [], b""),
    ("usage", ["one"], b""),
    ("exec", ["--", "true"], b""),
    ("agent", ["stop"], b""),
    ("watch", ["--once"], b""),
    ("log", ["--verify"], b""),
    ("doctor", [], b""),
    ("doctor", ["--fix"], b""),
    ("probe", ["other/second"], b""),
    ("expire", ["other/second", "--yes"], b""),
    ("revoke", ["--pending"], b""),
    ("login", ["other/second"], b""),
    ("approve", ["other", "--yes"], b""),
    ("approve", ["--accept-clock", "--yes"], b""),
    ("remove", ["other/second", "--yes"], b""),
    ("profile", ["rename", "other", "third"], b""),
    ("profile", ["copy", "third", "fourth"], b""),
    ("store", ["rekey"], b""),
    ("backup", ["backup.age"], b""),
    ("restore", ["backup.age", "--yes"], b""),
    ("lock", [], b""),
    ("unlock", [], b""),
    ("list", [], b""),
]
_WRITE_NOTHING = {
    "adopt",
    "copy",
    "demo",
    "recognise",
    "keys",
    "completion",
    "hook",
    "git-credential",
    "docker-credential",
    "aws-credential",
    "kube-credential",
    "digest",
    "verify",
}


def wide(folder: Path) -> dict[str, str]:
    """What others may enter or read below a folder; what an agent's worker removes meanwhile is nobody's."""
    found = {}
    for place, folders, files in os.walk(folder):
        for path in [place, *(os.path.join(place, name) for name in (*folders, *files))]:
            with suppress(FileNotFoundError):
                mode = os.lstat(path).st_mode
                if not stat.S_ISLNK(mode) and mode & 0o077:
                    found[path] = f"{stat.S_IMODE(mode):o}"
    return found


def own(home: Path) -> list[Path]:
    return [home / name / "keybound" for name in (".config", ".local/share", ".local/state")]


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_after_all_verbs_nothing_is_anybody_elses(
    environ: dict[str, str], home: Path, tmp_path: Path, umask: int
) -> None:
    environ = {name: value for name, value in environ.items() if name != "KEYBOUND_AGENT"}
    (home / ".config/keybound").mkdir(parents=True, mode=0o700)
    (home / ".config/keybound/config.toml").write_text('[agent]\nstart = "manual"\n')
    (home / ".config/keybound/config.toml").chmod(0o600)
    (tmp_path / "project").mkdir()
    (tmp_path / "import.env").write_text("IMPORTED_TOKEN=x7Gq2LmZ9vB4tRwK8nYc\n")
    (tmp_path / "project" / ".keybound.toml").write_text('profile = "other"\n')
    for verb, words, given in ACTS:
        done = subprocess.run(
            [COMMAND, verb, *words], env=environ, cwd=tmp_path, input=given, capture_output=True, check=False, timeout=60,
            start_new_session=True, umask=umask,
        )  # fmt: skip
        assert done.returncode in (0, 1), (verb, done.stderr)
        for folder in own(home):
            if folder.exists():
                assert wide(folder) == {}, verb
    assert not list(home.rglob("rehearsal"))
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o600
    assert {verb for verb, _, _ in ACTS} | _WRITE_NOTHING == set(VERBS)


def test_what_was_wider_becomes_private_again(keybound: Run, profiles: Path, home: Path) -> None:
    """The journal's floor, which an earlier version made for everybody to read."""
    furnish(keybound, profiles, home)
    floor = home / ".local/state/keybound/journal/floor"
    floor.chmod(0o644)
    assert keybound("exec", "staging", "--", "true").returncode == 0
    assert stat.S_IMODE(floor.stat().st_mode) == 0o600


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_hooked_shell_with_no_umask_leaves_nothing_open(
    keybound: Run, profiles: Path, home: Path, environ: dict[str, str], tmp_path: Path, shell: str
) -> None:
    runtime = tmp_path / "runtime"
    runtime.mkdir(mode=0o700)
    before = os.umask(0)
    try:
        furnish(keybound, profiles, home)
        (profiles / "staging.toml").chmod(0o600)  # the test's own file
        assert keybound("use", "staging").returncode == 0
        with pane(shell, {**environ, "XDG_RUNTIME_DIR": str(runtime)}, tmp_path / "pane") as term:
            term.do("cd /")
            for folder in [*own(home), *runtime.glob("keybound*")]:
                assert wide(folder) == {}
    finally:
        os.umask(before)
