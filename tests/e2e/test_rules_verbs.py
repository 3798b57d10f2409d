"""check, plan, docs, policy, grace, scopes and callers, by the installed command."""

import json
import time
from pathlib import Path

import pytest

from support.staging import CANARY, REST, Run, furnish


@pytest.fixture
def staging(keybound: Run, profiles: Path, home: Path) -> Path:
    """The profile file of a furnished home."""
    furnish(keybound, profiles, home)
    return profiles / "staging.toml"


def state(keybound: Run, token: str = "staging/github") -> str:
    rows = json.loads(keybound("list", "--json").stdout)
    return str(next(row["state"] for row in rows if row["id"] == token))


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    time.sleep(REST)


def test_check_names_rule_profile_token_and_line_and_touches_no_store(keybound: Run, staging: Path) -> None:
    assert keybound("check", "staging").returncode == 0
    policy = staging.parent.parent / "policy.toml"
    policy.write_text('[profiles."sta*"]\nrelease = ["exec"]\n')
    with staging.open("a") as file:
        file.write('\n[[expect]]\nwhen = { "flags.beta_writes" = true }\nthen = { github = "active" }\n')
    done = keybound("check", "staging", more={"KEYBOUND_PASSWORD_FILE": "/nowhere"})
    assert done.returncode == 1
    lines = done.stdout.decode().splitlines()
    text = staging.read_text().splitlines()
    assert lines[0].startswith(f"{staging}:{text.index('[tokens.github]') + 1}:1: staging/github: it may not")
    assert lines[1].startswith(f"{staging}:{len(text)}:10: staging/github: scenario 1: expected active")
    assert json.loads(keybound("check", "--json").stdout)[0]["rule"] == "release"


def test_check_takes_a_folder_of_a_repository(keybound: Run, tmp_path: Path) -> None:
    (tmp_path / "repo" / "profiles").mkdir(parents=True)
    (tmp_path / "repo" / "profiles" / "a.toml").write_text("[flags]\na = 1\n")
    done = keybound("check", "--dir", str(tmp_path / "repo"))
    assert done.returncode == 1
    assert b"a.toml:2:1" in done.stdout
    assert keybound("check", "--dir", str(tmp_path / "nothing")).returncode == 4


def test_a_broken_policy_withholds_and_says_where(keybound: Run, staging: Path) -> None:
    policy = staging.parent.parent / "policy.toml"
    policy.write_text("outside = 'explode'\n")
    done = keybound("env", "staging", "--shell", "bash")
    assert done.returncode == 2
    assert done.stdout == b""
    assert b"policy.toml:1:1" in done.stderr
    policy.unlink()
    assert keybound("env", "staging", "--shell", "bash").returncode == 0


def test_a_looser_default_in_the_policy_is_unapproved_not_obeyed(keybound: Run, staging: Path) -> None:
    (staging.parent.parent / "policy.toml").write_text('outside = "warn"\n')
    assert state(keybound) == "unapproved"
    assert keybound("env", "staging", "--shell", "bash").stdout == b""


def test_loader_variables_need_the_policy(keybound: Run, staging: Path) -> None:
    more = '[tokens.ssh]\nenv = "GIT_SSH_COMMAND"\n'
    staging.write_text(staging.read_text() + more)
    assert keybound("add", "staging/ssh", given=b"x\n").returncode == 2
    (staging.parent.parent / "policy.toml").write_text('variables = ["GIT_SSH_COMMAND"]\n')
    assert keybound("add", "staging/ssh", given=b"x\n").returncode == 0


def test_plan_with_an_edited_file_and_an_edited_profile_writes_nothing(
    keybound: Run, staging: Path, home: Path, tmp_path: Path
) -> None:
    (tmp_path / "kube.yaml").write_text("current-context: prod\n")
    done = keybound("plan", "staging", "--file", f"kube={tmp_path / 'kube.yaml'}", "--json")
    (row,) = json.loads(done.stdout)
    assert (row["id"], row["before"], row["after"]) == ("staging/github", "active", "expired")
    (tmp_path / "staging.toml").write_text(staging.read_text().replace("beta_writes = false", "beta_writes = true"))
    done = keybound("plan", "staging", "--profile-file", str(tmp_path / "staging.toml"), "--json")
    assert json.loads(done.stdout)[0]["after"] == "expired"
    assert state(keybound) == "active"
    assert CANARY not in done.stdout + done.stderr
    assert keybound("plan", "staging", "--file", "nope=/x").returncode == 2
    assert keybound("plan", "staging").returncode == 2


def test_plan_of_a_switch_says_what_leaves_and_what_arrives(keybound: Run, staging: Path) -> None:
    keybound("add", "default/npm", "--env", "NPM_TOKEN", "--scope", "read", given=b"x\n")
    keybound("use", "default")
    rows = {row["id"]: row for row in json.loads(keybound("plan", "staging", "--switch", "--json").stdout)}
    assert (rows["default/npm"]["before"], rows["default/npm"]["after"]) == ("active", None)
    assert rows["default/npm"]["lost"] == ["read"]
    assert (rows["staging/github"]["before"], rows["staging/github"]["after"]) == (None, "active")


def test_docs_are_the_same_bytes_each_time_and_stale_after_an_edit(
    keybound: Run, staging: Path, tmp_path: Path
) -> None:
    page = keybound("docs").stdout
    assert page == keybound("docs").stdout
    for part in (b"## Profile `staging`", b"`staging/github`", b"```mermaid", b"flags.beta_writes", b"~/kube.yaml"):
        assert part in page
    assert CANARY not in page
    target = tmp_path / "tokens.md"
    target.write_bytes(page)
    assert keybound("docs", "--check", str(target)).returncode == 0
    assert keybound("bind", "staging/github", "cwd", "exists=true").returncode == 0
    assert keybound("docs", "--check", str(target)).returncode == 1
    assert keybound("docs", "--check", str(tmp_path / "none.md")).returncode == 4


def test_new_files_point_editors_at_a_schema_that_is_there(keybound: Run, profiles: Path) -> None:
    keybound("init")
    first = (profiles / "default.toml").read_text().splitlines()[0]
    assert first.startswith("#:schema ")
    assert json.loads((profiles / first.removeprefix("#:schema ")).read_text())["title"] == "Keybound profile"


def test_a_grace_warns_survives_restarts_and_then_expires(keybound: Run, profiles: Path) -> None:
    keybound("init")
    (profiles / "p.toml").write_text(
        '[flags]\na = false\n[tokens.t]\nenv = "T"\n[tokens.t.bound]\n"flags.a" = { equals = false, grace = "3s" }\n'
    )
    time.sleep(REST)
    assert keybound("add", "p/t", given=b"x\n").returncode == 0
    replace(profiles / "p.toml", "a = false\n[", "a = true\n[")
    assert state(keybound, "p/t") == "warning"
    begun = time.monotonic()
    assert b"T='x'" in keybound("env", "p", "--shell", "bash").stdout
    replace(
        profiles / "p.toml", "a = true\n[", "a = false\n["
    )  # back in time: the grace is over, and nothing is expired
    assert state(keybound, "p/t") == "active"
    replace(profiles / "p.toml", "a = false\n[", "a = true\n[")
    assert state(keybound, "p/t") == "warning"
    time.sleep(max(0, 3.5 - (time.monotonic() - begun)))
    while state(keybound, "p/t") == "warning" and time.monotonic() - begun < 20:
        time.sleep(0.3)
    assert keybound("env", "p", "--shell", "bash").stdout == b""
    replace(profiles / "p.toml", "a = true\n[", "a = false\n[")
    assert state(keybound, "p/t") == "expired"
    kinds = [json.loads(line)["kind"] for line in keybound("log", "--json").stdout.splitlines()]
    assert [kind for kind in kinds if "grace" in kind or kind == "expired"] == [
        "grace",
        "grace-over",
        "grace",
        "expired",
    ]


def test_a_scope_gained_or_lost_is_an_alert_whatever_the_state_does(keybound: Run, profiles: Path) -> None:
    keybound("init")
    (profiles / "p.toml").write_text(
        '[roles]\nactive = ["reader"]\n[roles.grants]\nreader = ["repo:read"]\nwriter = ["repo:*"]\n'
        '[tokens.t]\nenv = "T"\noutside = "warn"\nscopes = ["repo:read", "repo:write"]\n'
    )
    time.sleep(REST)
    assert keybound("add", "p/t", "--yes", given=b"x\n").returncode == 0
    assert state(keybound, "p/t") == "warning"
    replace(profiles / "p.toml", 'active = ["reader"]', 'active = ["writer"]')
    assert b"p/t gains repo:write" in keybound("env", "p", "--shell", "bash").stderr
    assert b"gains" not in keybound("env", "p", "--shell", "bash").stderr  # said once
    replace(profiles / "p.toml", 'active = ["writer"]', "active = []")
    keybound("list")
    events = [json.loads(line) for line in keybound("log", "--json").stdout.splitlines()]
    shifts = [event["detail"] for event in events if event["kind"] == "scopes"]
    assert shifts == [{"gained": ["repo:write"], "lost": []}, {"gained": [], "lost": ["repo:read", "repo:write"]}]


def test_callers_are_what_they_resolved_to_when_approved(keybound: Run, profiles: Path, tmp_path: Path) -> None:
    keybound("init")
    (profiles / "p.toml").write_text('[tokens.t]\nenv = "T"\ncallers = ["printenv"]\n')
    time.sleep(REST)
    assert keybound("add", "p/t", given=b"x\n").returncode == 0
    assert keybound("exec", "p", "--", "printenv", "T").stdout == b"x\n"
    other = keybound("exec", "p", "--", "env")
    assert (other.returncode, b"T=x" in other.stdout) == (0, False)  # passed over
    assert keybound("env", "p", "--shell", "bash").stdout == b""
    evil = tmp_path / "evil"
    evil.mkdir()
    (evil / "printenv").write_text("#!/bin/sh\necho stolen $T\n")
    (evil / "printenv").chmod(0o700)
    import os

    done = keybound("exec", "p", "--", "printenv", "T", more={"PATH": f"{evil}:{os.environ['PATH']}"})
    assert done.returncode == 1
    assert b"stolen" not in done.stdout


def test_removing_a_profile_that_is_not_there_asks_nothing(keybound: Run) -> None:
    done = keybound("profile", "remove", "nope")
    assert done.returncode == 4
    assert done.stderr == b"keybound: no such profile: nope\n  Create it: keybound profile new nope\n"


def test_approving_a_profile_says_once_what_is_still_outside(keybound: Run, staging: Path) -> None:
    replace(staging, "beta_writes = false", "beta_writes = true")
    done = keybound("approve", "staging", "--yes")
    assert done.returncode == 1
    assert done.stderr.count(b"staging/github is still outside") == 1
    assert b"keybound bind staging/github KEY RULE=VALUE" in done.stderr
