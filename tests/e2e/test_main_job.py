"""The main job, by the installed command: bind, export, move the configuration, lose the token, be told why."""

import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from support.staging import CANARY, REST, furnish

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


def state(keybound: Run, token: str = "staging/github") -> str:
    shown = json.loads(keybound("show", token, "--json").stdout)
    return str(shown["state"])


def sed_in_place(path: Path) -> None:
    subprocess.run(["sed", "-i", "s/staging/prod/", path], check=True)


def rename_over(path: Path) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_text("current-context: prod\n")
    fresh.rename(path)


def rewrite(path: Path) -> None:
    path.write_text("current-context: prod\n")


def delete(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("move", [sed_in_place, rename_over, rewrite, delete])
def test_a_file_that_leaves_its_bounds_expires_the_token(
    keybound: Run, profiles: Path, home: Path, move: Callable[[Path], None]
) -> None:
    furnish(keybound, profiles, home)
    first = keybound("env", "staging", "--shell", "bash")
    assert (first.returncode, first.stdout) == (0, b"export GITHUB_TOKEN='" + CANARY + b"'\n")
    move(home / "kube.yaml")
    after = keybound("env", "staging", "--shell", "bash")
    assert (after.returncode, after.stdout) == (1, b"")
    assert b"staging/github is withheld (expired): file:kube#current-context" in after.stderr
    why = keybound("why", "staging/github").stdout.decode()
    assert "approved one of staging, dev" in why
    log = keybound("log", "--token", "staging/github").stdout
    assert b"expired" in log
    assert b"released" in log
    assert keybound("log", "--verify").returncode == 0


def test_putting_the_value_back_does_not_revive(keybound: Run, profiles: Path, home: Path) -> None:
    furnish(keybound, profiles, home)
    assert keybound("profile", "set", "staging", "flags.beta_writes", "true", "--yes").returncode == 0
    assert state(keybound) == "expired"
    refused = keybound("approve", "staging/github", "--yes")
    assert refused.returncode == 1
    assert b"still outside" in refused.stderr
    assert keybound("profile", "set", "staging", "flags.beta_writes", "false", "--yes").returncode == 0
    assert state(keybound) == "expired"
    assert keybound("approve", "staging/github", "--yes").returncode == 0
    assert state(keybound) == "active"


def test_a_lost_state_file_and_a_restored_profile_revive_nothing(keybound: Run, profiles: Path, home: Path) -> None:
    furnish(keybound, profiles, home)
    before = (profiles / "staging.toml").read_text()
    keybound("profile", "set", "staging", "flags.beta_writes", "true", "--yes")
    (profiles / "staging.toml").write_text(before)
    for left in (home / ".local" / "state" / "keybound").glob("state.db*"):
        left.unlink()
    assert state(keybound) == "expired"
    assert keybound("env", "staging", "--shell", "bash").stdout == b""


def test_a_definition_changed_from_outside_is_unapproved_and_a_later_save_does_not_approve_it(
    keybound: Run, profiles: Path, home: Path
) -> None:
    furnish(keybound, profiles, home)
    path = profiles / "staging.toml"
    path.write_text(path.read_text().replace("GITHUB_TOKEN", "OTHER_TOKEN"))
    assert state(keybound) == "unapproved"
    assert keybound("bind", "staging/github", "cwd", "exists=true").returncode == 0
    assert keybound("profile", "set", "staging", "settings.region", "eu", "--yes").returncode == 0
    assert state(keybound) == "unapproved"
    assert keybound("env", "staging", "--shell", "bash").stdout == b""
    assert keybound("approve", "staging/github", "--yes").returncode == 0
    assert state(keybound) == "active"


def test_a_files_path_changed_from_outside_is_unapproved_and_expires_nothing(
    keybound: Run, profiles: Path, home: Path
) -> None:
    furnish(keybound, profiles, home)
    (home / "other.yaml").write_text("current-context: prod\n")
    path = profiles / "staging.toml"
    path.write_text(path.read_text().replace("~/kube.yaml", "~/other.yaml"))
    time.sleep(REST)
    assert state(keybound) == "unapproved"
    path.write_text(path.read_text().replace("~/other.yaml", "~/kube.yaml"))
    time.sleep(REST)
    assert state(keybound) == "active"


def test_env_changed_from_outside_is_not_exported_until_approved(keybound: Run, profiles: Path, home: Path) -> None:
    furnish(keybound, profiles, home)
    path = profiles / "staging.toml"
    path.write_text(path.read_text() + '\n[env]\nAWS_REGION = "eu-{flags.beta_writes}"\n')
    withheld = keybound("env", "staging", "--shell", "bash")
    assert (withheld.returncode, b"AWS_REGION" in withheld.stdout) == (1, False)
    assert keybound("bind", "staging/github", "cwd", "exists=true").returncode == 0
    assert b"AWS_REGION" not in keybound("env", "staging", "--shell", "bash").stdout
    assert keybound("approve", "staging", "--yes").returncode == 0
    assert b"export AWS_REGION='eu-false'" in keybound("env", "staging", "--shell", "bash").stdout


def test_an_editor_that_truncates_and_then_writes_never_expires(keybound: Run, profiles: Path, home: Path) -> None:
    furnish(keybound, profiles, home)
    path = home / "kube.yaml"
    text = path.read_text()
    for _ in range(5):
        writer = subprocess.Popen(["sh", "-c", f': > "{path}"; sleep 0.15; printf "%s\n" "{text.strip()}" > "{path}"'])
        keybound("list")
        writer.wait()
    time.sleep(REST)
    assert state(keybound) == "active"


def test_comments_and_order_survive_every_edit(keybound: Run, profiles: Path, home: Path) -> None:
    furnish(keybound, profiles, home)
    keybound("profile", "set", "staging", "flags.beta_writes", "true", "--yes")
    text = (profiles / "staging.toml").read_text()
    assert 'description = "Staging"   # kept\n' in text
    assert "beta_writes = true   # kept too\n" in text
    assert '"flags.beta_writes" = { equals = false }' in text


@pytest.mark.parametrize(
    ("broken", "place"),
    [
        ("[flags]\nbeta_writes = falsch\n", ":2:15: "),
        ("[flag]\nbeta_writes = false\n", ":1:1: flag: "),
        ("[tokens.github]\nenv = 'PATH'\n", ":2:1: tokens.github.env: "),
        ("[tokens.x]\nenv='X'\n[tokens.x.bound]\n'flags.a' = { equls = 1 }\n", ":4:15: tokens.x.bound.flags.a.equls: "),
    ],
)
def test_a_broken_profile_gives_its_place_and_withholds_its_own_tokens_only(
    keybound: Run, profiles: Path, home: Path, broken: str, place: str
) -> None:
    furnish(keybound, profiles, home)
    keybound("add", "default/other", "--env", "OTHER", given=b"x\n")
    (profiles / "staging.toml").write_text(broken)
    shown = keybound("list", "--json")
    states = {row["id"]: row["state"] for row in json.loads(shown.stdout)}
    assert states == {"default/other": "active", "staging/github": "suspended"}
    assert f"staging.toml{place}" in shown.stderr.decode()
    refused = keybound("env", "staging", "--shell", "bash")
    assert (refused.returncode, refused.stdout) == (2, b"")


def test_exec_gives_the_childs_status_and_withholds(keybound: Run, profiles: Path, home: Path) -> None:
    furnish(keybound, profiles, home)
    done = keybound("exec", "staging", "--", "sh", "-c", 'printf %s "$GITHUB_TOKEN"; exit 7')
    assert (done.returncode, done.stdout) == (7, CANARY)
    assert keybound("exec", "staging", "--", "no-such-program").returncode == 127
    assert keybound("expire", "staging/github", "--yes").returncode == 0
    stopped = keybound("exec", "staging", "--", "touch", "ran")
    assert stopped.returncode == 1
    assert b"not started" in stopped.stderr
    going = keybound("exec", "staging", "--keep-going", "--", "sh", "-c", 'printf "[%s]" "$GITHUB_TOKEN"')
    assert (going.returncode, going.stdout) == (0, b"[]")


@pytest.mark.parametrize(
    ("arguments", "given", "status"),
    [
        (("add", "nowhere/x", "--env", "X"), b"s\n", 4),
        (("add", "staging/x"), b"s\n", 2),
        (("add", "staging/x", "--env", "X"), b"\n", 2),
        (("add", "staging/x", "--env", "X"), b"a\0b\n", 2),
        (("add", "staging/x", "--env", "X"), b"a" * 131_072 + b"\n", 2),
        (("add", "staging/x", "--env", "LD_PRELOAD"), b"s\n", 2),
        (("add", "staging/x", "--env", "X", "--bind", "flags.a equls=1"), b"s\n", 2),
        (("add", "staging/github", "--env", "GITHUB_TOKEN"), b"s\n", 1),
        (("show", "staging/none"), b"", 4),
        (("expire", "staging/github"), b"", 1),
        (("frobnicate",), b"", 2),
    ],
    ids=[f"bad-{number}" for number in range(11)],
)
def test_bad_input_is_said_and_changes_nothing(
    keybound: Run, profiles: Path, home: Path, arguments: tuple[str, ...], given: bytes, status: int
) -> None:
    furnish(keybound, profiles, home)
    before = (profiles / "staging.toml").read_text()
    done = keybound(*arguments, given=given)
    assert done.returncode == status, done.stderr
    assert b"Traceback" not in done.stderr
    assert done.stderr.startswith((b"keybound: ", b"usage: "))
    assert (profiles / "staging.toml").read_text() == before
    assert state(keybound) == "active"


def test_the_canary_is_nowhere_on_disk_or_in_output(keybound: Run, profiles: Path, home: Path) -> None:
    furnish(keybound, profiles, home)
    keybound("env", "staging", "--shell", "bash")
    outputs = [
        keybound(*verb)
        for verb in (("list", "--json"), ("show", "staging/github"), ("log", "--json"), ("why", "staging/github"))
    ]
    keybound("expire", "staging/github", "--yes")
    assert all(CANARY not in done.stdout + done.stderr for done in outputs)
    files = [path for path in home.parent.rglob("*") if path.is_file()]
    assert len(files) > 8
    assert [path for path in files if CANARY in path.read_bytes()] == []


def test_a_journal_that_cannot_be_written_releases_nothing(keybound: Run, profiles: Path, home: Path) -> None:
    furnish(keybound, profiles, home)
    journal = home / ".local" / "state" / "keybound" / "journal"
    month = next(journal.glob("*.jsonl"))
    month.rename(journal / "away")
    month.mkdir()
    done = keybound("env", "staging", "--shell", "bash")
    assert (done.returncode, done.stdout) == (3, b"")
    assert b"Traceback" not in done.stderr


def test_version_and_help_touch_no_store(keybound: Run) -> None:
    bad = {"KEYBOUND_STORE": "no.such.Store", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}
    assert keybound("--version", more=bad).returncode == 0
    assert keybound("--help", more=bad).returncode == 0
    assert keybound("add", "--help", more=bad).returncode == 0


def test_a_projects_own_modules_are_never_imported(keybound: Run, profiles: Path, home: Path, tmp_path: Path) -> None:
    furnish(keybound, profiles, home)
    for name in ("json", "jeepney", "keybound", "tomllib", "pyrage"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('shadowed')\n")
    done = keybound("env", "staging", "--shell", "bash", more={"PYTHONPATH": f".:{tmp_path}"})
    assert done.returncode == 0, done.stderr


def test_two_homes_on_one_store_never_touch_each_other(
    keybound: Run, profiles: Path, home: Path, tmp_path: Path
) -> None:
    furnish(keybound, profiles, home)
    other = {"XDG_CONFIG_HOME": str(tmp_path / "other"), "XDG_STATE_HOME": str(tmp_path / "other-state")}
    assert keybound("init", more=other).returncode == 0
    (tmp_path / "other" / "keybound" / "profiles" / "staging.toml").write_text(
        "[tokens.github]\nenv = 'GITHUB_TOKEN'\n"
    )
    rows = json.loads(keybound("list", "--json", more=other).stdout)
    assert [(row["id"], row["state"]) for row in rows] == [("staging/github", "missing")]
    assert keybound("add", "staging/github", given=b"second\n", more=other).returncode == 0
    assert keybound("remove", "staging/github", "--yes", more=other).returncode == 0
    assert state(keybound) == "active"


def test_a_renamed_profile_keeps_its_secrets_and_its_children(keybound: Run, profiles: Path, home: Path) -> None:
    furnish(keybound, profiles, home)
    (profiles / "child.toml").write_text('extends = "staging"   # kept\n')
    assert keybound("add", "child/github", given=b"of the child\n").returncode == 0
    done = keybound("profile", "rename", "staging", "stage")
    assert done.returncode == 0, done.stderr
    assert (profiles / "child.toml").read_text() == 'extends = "stage"   # kept\n'
    assert CANARY in keybound("env", "stage", "--shell", "bash").stdout
    assert b"of the child" in keybound("env", "child", "--shell", "bash").stdout
    assert keybound("env", "staging", "--shell", "bash").returncode == 4
    assert keybound("list").stderr == b""
