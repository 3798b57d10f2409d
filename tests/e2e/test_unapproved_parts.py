"""What is not approved of a profile itself is seen wherever one looks; a role that came back is told in the past tense."""

import time
from pathlib import Path

import pytest

from support.staging import PROFILE, REST, Run, furnish


@pytest.mark.parametrize("verb", [("list",), ("why", "staging/github"), ("status",), ("watch", "--once")])
def test_an_unapproved_env_is_seen_everywhere(keybound: Run, profiles: Path, home: Path, verb: tuple[str, ...]) -> None:
    furnish(keybound, profiles, home)
    path = profiles / "staging.toml"
    path.write_text(path.read_text() + '\n[env]\nREGION = "eu"\n')
    time.sleep(REST)
    done = keybound(*verb)
    said = (done.stdout + done.stderr).decode()
    assert "[env] is not approved: keybound approve staging" in said
    assert done.returncode == (1 if verb[0] == "watch" else 0)
    assert keybound("approve", "staging", "--yes").returncode == 0
    said = (keybound(*verb).stdout + keybound(*verb).stderr).decode()
    assert "not as approved" not in said


def test_a_role_that_came_back_is_no_contradiction(keybound: Run, profiles: Path, home: Path) -> None:
    assert keybound("init").returncode == 0
    roles = '[roles]\nactive = ["writer"]\n[roles.grants]\nwriter = ["repo:write"]\n'
    path = profiles / "staging.toml"
    path.write_text(PROFILE + roles)
    time.sleep(REST)
    assert keybound("approve", "staging", "--yes").returncode == 0
    done = keybound("add", "staging/github", "--env", "G", "--scope", "repo:write", given=b"x\n")
    assert done.returncode == 0, done.stderr
    path.write_text(path.read_text().replace('active = ["writer"]', "active = []"))
    time.sleep(REST)
    assert "no active role grants repo:write" in keybound("list").stdout.decode()
    path.write_text(path.read_text().replace("active = []", 'active = ["writer"]'))
    time.sleep(REST)
    said = keybound("list").stdout.decode()
    assert "no active role grants" not in said
    assert "roles.active was nothing on " in said
    assert "it is writer now" in said
