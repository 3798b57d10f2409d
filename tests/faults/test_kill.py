"""SIGKILL at each step of add, approve, refresh, expire and remove, as the code itself lists them: old or new, whole."""

import json
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from keybound.custody.envelopes.transaction import STEPS
from support.killing import TRANSACTION, run_to
from support.minted import furnish_minted, minted, stored_keys
from support.staging import CANARY, furnish

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


def killed(environ: dict[str, str], step: str, nth: int, *arguments: str, given: bytes = b"") -> int:
    return run_to(environ, TRANSACTION, step, nth, *arguments, given=given).returncode


def states(keybound: Run) -> dict[str, str]:
    done = keybound("list", "--json")
    assert done.returncode == 0, done.stderr
    return {row["id"]: row["state"] for row in json.loads(done.stdout)}


@pytest.mark.parametrize("step", STEPS)
def test_add(keybound: Run, environ: dict[str, str], profiles: Path, home: Path, step: str) -> None:
    furnish(keybound, profiles, home)
    status = killed(environ, step, 1, "add", "staging/new", "--env", "NEW", given=b"second secret\n")
    assert status == -signal.SIGKILL
    stored = step not in ("intent", "texts")
    released = json.loads(keybound("env", "staging", "--shell", "json").stdout)
    assert released == {"GITHUB_TOKEN": CANARY.decode(), **({"NEW": "second secret"} if stored else {})}
    assert states(keybound).get("staging/new") == ("active" if stored else None)
    assert ("[tokens.new]" in (profiles / "staging.toml").read_text()) is stored
    if not stored:
        assert keybound("add", "staging/new", "--env", "NEW", given=b"second secret\n").returncode == 0
    assert keybound("log", "--verify").returncode == 0


@pytest.mark.parametrize("step", STEPS)
def test_expire(keybound: Run, environ: dict[str, str], profiles: Path, home: Path, step: str) -> None:
    furnish(keybound, profiles, home)
    assert killed(environ, step, 1, "expire", "staging/github", "--yes") == -signal.SIGKILL
    found = states(keybound)["staging/github"]  # the first look completes or undoes it
    given = keybound("env", "staging", "--shell", "bash")
    assert found == ("active" if step in ("intent", "texts") else "expired")
    assert (CANARY in given.stdout) is (found == "active")
    assert keybound("log", "--verify").returncode == 0


@pytest.mark.parametrize("step", STEPS)
def test_remove(keybound: Run, environ: dict[str, str], profiles: Path, home: Path, step: str) -> None:
    furnish(keybound, profiles, home)
    assert killed(environ, step, 1, "remove", "staging/github", "--yes") == -signal.SIGKILL
    keybound("env", "staging", "--shell", "bash")
    gone = step not in ("intent", "texts", "items")
    assert ("staging/github" not in states(keybound)) is gone
    assert ("[tokens.github]" not in (profiles / "staging.toml").read_text()) is gone


@pytest.mark.parametrize("step", STEPS)
def test_approve(keybound: Run, environ: dict[str, str], profiles: Path, home: Path, step: str) -> None:
    furnish(keybound, profiles, home)
    path = profiles / "staging.toml"
    path.write_text(path.read_text().replace("GITHUB_TOKEN", "RENAMED"))
    assert states(keybound) == {"staging/github": "unapproved"}
    assert killed(environ, step, 1, "approve", "staging/github", "--yes") == -signal.SIGKILL
    sealed = step not in ("intent", "texts")
    given = json.loads(keybound("env", "staging", "--shell", "json").stdout)
    assert given == ({"RENAMED": CANARY.decode()} if sealed else {})
    assert states(keybound) == {"staging/github": "active" if sealed else "unapproved"}
    assert keybound("approve", "staging/github", "--yes").returncode == 0
    assert keybound("log", "--verify").returncode == 0


@pytest.mark.parametrize("step", STEPS)
def test_bind(keybound: Run, environ: dict[str, str], profiles: Path, home: Path, step: str) -> None:
    """The text and the seals that follow from it are made together: of the token, and of another that the text is about."""
    furnish(keybound, profiles, home)
    assert keybound("add", "staging/other", "--env", "OTHER", given=b"other\n").returncode == 0
    path = profiles / "staging.toml"
    before = path.read_text()
    words = ("file", "kube", "~/elsewhere.yaml", "--profile", "staging", "--yes")
    (home / "elsewhere.yaml").write_text("current-context: dev\n")
    assert killed(environ, step, 1, *words) == -signal.SIGKILL
    assert states(keybound) == {"staging/github": "active", "staging/other": "active"}
    assert (path.read_text() == before) is (step in ("intent", "texts", "items"))
    given = json.loads(keybound("env", "staging", "--shell", "json").stdout)
    assert given == {"GITHUB_TOKEN": CANARY.decode(), "OTHER": "other"}
    assert keybound("log", "--verify").returncode == 0


def test_a_note_by_somebody_who_cannot_open_the_store_seals_nothing(
    keybound: Run, environ: dict[str, str], profiles: Path, home: Path
) -> None:
    furnish(keybound, profiles, home)
    path = profiles / "staging.toml"
    assert killed(environ, "profile", 1, "bind", "staging/github", "cwd", "exists=true") == -signal.SIGKILL
    note = home / ".local/state/keybound/unfinished.json"
    record = json.loads(note.read_text())
    (seal,) = record["seals"]
    other = json.loads(seal[5])
    other["digest"] = "0" * 64
    record["seals"] = [[*seal[:5], json.dumps(other), seal[6]]]
    note.write_text(json.dumps(record))
    assert states(keybound) == {"staging/github": "unapproved"}
    assert "cwd" in path.read_text()
    assert json.loads(keybound("env", "staging", "--shell", "json").stdout) == {}
    assert keybound("approve", "staging/github", "--yes").returncode == 0
    assert CANARY in keybound("env", "staging", "--shell", "json").stdout


@pytest.mark.parametrize("step", STEPS)
def test_refresh(keybound: Run, environ: dict[str, str], profiles: Path, home: Path, step: str) -> None:
    furnish(keybound, profiles, home)
    assert killed(environ, step, 1, "refresh", "staging/github", given=b"fresh\n") == -signal.SIGKILL
    given = json.loads(keybound("env", "staging", "--shell", "json").stdout)
    assert given == {"GITHUB_TOKEN": CANARY.decode() if step in ("intent", "texts") else "fresh"}
    said = keybound("log").stdout.decode()
    assert ("undone" in said) is (step == "texts")
    assert keybound("log", "--verify").returncode == 0


@pytest.mark.parametrize("step", STEPS)
def test_rotation_of_a_signing_key(keybound: Run, environ: dict[str, str], profiles: Path, step: str) -> None:
    furnish_minted(keybound, profiles)
    before, held = stored_keys(environ).current.id, minted(keybound)
    assert killed(environ, step, 1, "refresh", "staging/deploy") == -signal.SIGKILL
    fresh, after = minted(keybound), stored_keys(environ)
    assert (after.current.id == before) is (step in ("intent", "texts"))
    assert [key.id for key in after.retired] == ([] if after.current.id == before else [before])
    for token in (held, fresh):
        assert keybound("verify", "staging/deploy", given=token.encode()).returncode == 0
    assert keybound("log", "--verify").returncode == 0


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    ("words", "nth"),
    [("rename staging/github gh", 1), ("move staging/github prod", 1), ("move staging/github prod", 2)],
)
def test_token_transfer(
    keybound: Run, environ: dict[str, str], profiles: Path, home: Path, step: str, words: str, nth: int
) -> None:
    """The old token or the new one, whole; after the new one is written, for a moment both."""
    furnish(keybound, profiles, home)
    (profiles / "prod.toml").write_text("schema = 1\n[flags]\nbeta_writes = false\n")
    new = "staging/gh" if "rename" in words else "prod/github"
    assert killed(environ, step, nth, "token", *words.split(), "--yes") == -signal.SIGKILL
    found = states(keybound)
    assert found in ({"staging/github": "active"}, {new: "active"}, {"staging/github": "active", new: "active"}), step
    if len(found) == 2:
        assert "move" in words
    for profile in {one.partition("/")[0] for one in found}:
        assert json.loads(keybound("env", profile, "--shell", "json").stdout) == {"GITHUB_TOKEN": CANARY.decode()}
    assert keybound("log", "--verify").returncode == 0


def test_the_killer_would_notice(keybound: Run, environ: dict[str, str], profiles: Path, home: Path) -> None:
    """A step that the code never reaches kills nothing: the tests above can fail."""
    furnish(keybound, profiles, home)
    assert killed(environ, "no such step", 1, "expire", "staging/github", "--yes") == 0
    assert os.path.exists(profiles)
