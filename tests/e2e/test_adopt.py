"""No secret is stranded: a definition that is gone is written again, and a home that was moved is taken over."""

import json
import shutil
import time
from pathlib import Path

from support.staging import CANARY, PROFILE, REST, Run, furnish


def states(keybound: Run, more: dict[str, str] | None = None) -> dict[str, str | None]:
    done = keybound("list", "--json", more=more)
    assert done.returncode == 0, done.stderr
    return {row["id"]: row["state"] for row in json.loads(done.stdout)}


def test_a_definition_that_is_gone_is_written_again(keybound: Run, profiles: Path, home: Path) -> None:
    furnish(keybound, profiles, home)
    (profiles / "staging.toml").write_text("schema = 1\n[flags]\nbeta_writes = false\n")
    time.sleep(REST)
    for act in (("list",), ("add", "staging/github", "--env", "G"), ("refresh", "staging/github")):
        assert "keybound adopt staging/github" in keybound(*act, given=b"x\n").stderr.decode(), act
    assert "keybound adopt staging/github" in keybound("why", "staging/github").stderr.decode()
    done = keybound("adopt", "staging/github")
    assert done.returncode == 1  # nobody to ask
    assert 'file:kube#current-context".one_of = dev, staging' in done.stdout.decode()
    done = keybound("adopt", "staging/github", "--yes")
    assert done.returncode == 0, done.stderr
    assert "is restored and active" in done.stdout.decode()
    assert states(keybound) == {"staging/github": "active"}
    assert json.loads(keybound("env", "staging", "--shell", "json").stdout) == {"GITHUB_TOKEN": CANARY.decode()}
    assert keybound("adopt", "staging/github", "--yes").returncode == 1
    assert keybound("adopt", "staging/nosuch", "--yes").returncode == 4
    assert keybound("adopt").returncode == 2
    assert keybound("log", "--verify").returncode == 0


def test_what_was_expired_stays_expired_and_what_is_outside_is_said(keybound: Run, profiles: Path, home: Path) -> None:
    furnish(keybound, profiles, home)
    assert keybound("expire", "staging/github", "--yes").returncode == 0
    (profiles / "staging.toml").write_text(PROFILE)
    time.sleep(REST)
    assert keybound("adopt", "staging/github", "--yes").returncode == 0
    assert states(keybound) == {"staging/github": "expired"}


def test_where_the_approved_definition_is_not_known_it_says_what_to_do(
    keybound: Run, profiles: Path, home: Path
) -> None:
    furnish(keybound, profiles, home)
    (profiles / "staging.toml").write_text(PROFILE)
    for path in (home / ".local/state/keybound").glob("state.db*"):
        path.unlink()
    time.sleep(REST)
    done = keybound("adopt", "staging/github", "--yes")
    assert done.returncode == 4
    assert "Write [tokens.github] in" in done.stderr.decode()
    assert (profiles / "staging.toml").read_text() == PROFILE


def test_a_moved_home_is_taken_over_with_its_states(keybound: Run, profiles: Path, home: Path, tmp_path: Path) -> None:
    furnish(keybound, profiles, home)
    for name in ("second", "third"):
        bound = ("--bind", "flags.beta_writes equals=false")
        assert keybound("add", f"staging/{name}", "--env", name.upper(), *bound, given=b"two\n").returncode == 0
    assert keybound("expire", "staging/third", "--yes").returncode == 0
    former = home / ".config/keybound"
    shutil.move(home / ".config", tmp_path / "config")
    moved = {"XDG_CONFIG_HOME": str(tmp_path / "config")}
    assert set(states(keybound, moved).values()) == {"missing"}
    assert f"keybound adopt --from {former}" in keybound("list", more=moved).stdout.decode()
    assert keybound("adopt", "--from", str(former), more=moved).returncode == 1  # nobody to ask
    done = keybound("adopt", "--from", str(former), "--yes", more=moved)
    assert done.returncode == 0, done.stderr
    assert "expired: its owner expired it" in done.stdout.decode()
    assert states(keybound, moved) == {
        "staging/github": "active",
        "staging/second": "active",
        "staging/third": "expired",
    }
    given = json.loads(keybound("env", "staging", "--shell", "json", more=moved).stdout)
    assert given == {"GITHUB_TOKEN": CANARY.decode(), "SECOND": "two"}
    assert keybound("adopt", "--from", str(former), "--yes", more=moved).returncode == 4  # nothing is left there
    assert keybound("bind", "staging/second", "settings.x", "absent=true", more=moved).returncode == 0
    assert keybound("log", "--verify", more=moved).returncode == 0


def test_this_home_and_an_unknown_one_are_refused(keybound: Run, profiles: Path, home: Path, tmp_path: Path) -> None:
    furnish(keybound, profiles, home)
    assert keybound("adopt", "--from", str(home / ".config/keybound"), "--yes").returncode == 1
    done = keybound("adopt", "--from", str(tmp_path / "nowhere"), "--yes")
    assert done.returncode == 4
    assert "the store holds nothing of" in done.stderr.decode()
    assert states(keybound) == {"staging/github": "active"}
