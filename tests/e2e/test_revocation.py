"""Secrets that were replaced are revoked: now or later, by a command or the provider, and never lost meanwhile."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from keybound.custody.envelopes.transaction import STEPS
from support.staging import REST

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
PROFILE = """schema = 1

[tokens.t]
env = "T"
ttl = "30d"
{overlap}
refresh = {{ command = ["./mint"] }}
revoke = {{ command = ["./revoke"]{more} }}
"""
MINT = '#!/bin/sh\necho run >> "$HOME/runs"\necho "secret-$(wc -l < "$HOME/runs")"\n'
REVOKE = '#!/bin/sh\n[ -e "$HOME/down" ] && exit 3\nread -r secret\necho "$secret" >> "$HOME/revoked"\n'
KILLER = """
import os, signal, sys
from keybound.cli.main import main
from keybound.custody.envelopes import transaction
from keybound.custody.rotation import revocation

target, nth = sys.argv[1], int(sys.argv[2])
seen = 0
carry_out = revocation.carry_out

def die(step):
    global seen
    seen += step == target
    if step == target and seen == nth:
        os.kill(os.getpid(), signal.SIGKILL)

def carrying_out(*given):
    die("to be revoked")
    outcome = carry_out(*given)
    die("revoked")
    return outcome

revocation.carry_out = carrying_out
transaction.at_step = die
sys.exit(main(sys.argv[3:]))
"""


@pytest.fixture
def rotating(keybound: Run, profiles: Path) -> Run:
    assert keybound("init").returncode == 0
    program(profiles / "mint", MINT)
    program(profiles / "revoke", REVOKE)
    write(profiles)
    assert keybound("add", "p/t", given=b"first\n").returncode == 0
    return keybound


def program(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o700)


def write(profiles: Path, overlap: str = "", more: str = "") -> None:
    ends = f'overlap = "{overlap}"' if overlap else ""
    (profiles / "p.toml").write_text(PROFILE.format(overlap=ends, more=more))
    time.sleep(REST)


def revoked(home: Path) -> list[str]:
    path = home / "revoked"
    return path.read_text().split() if path.exists() else []


def left(keybound: Run) -> list[tuple[str, int, int]]:
    rows = json.loads(keybound("revoke", "--list", "--json").stdout)
    return [(row["id"], row["secrets"], row["failed"]["times"] if row["failed"] else 0) for row in rows]


def value(keybound: Run) -> str:
    return str(json.loads(keybound("env", "p", "--shell", "json").stdout or b"{}").get("T", ""))


def test_a_refresh_revokes_what_it_replaced(rotating: Run, home: Path) -> None:
    done = rotating("refresh", "p/t")
    assert b"revoke revoked it" in done.stdout
    assert (revoked(home), value(rotating), left(rotating)) == (["first"], "secret-1", [])
    assert rotating("refresh", "p/t", "--by-hand", given=b"mine\n").returncode == 0
    assert (revoked(home), value(rotating)) == (["first", "secret-1"], "mine")


def test_a_secret_that_comes_again_is_not_revoked(rotating: Run, home: Path) -> None:
    assert rotating("refresh", "p/t", "--by-hand", given=b"first\n").returncode == 0
    assert (revoked(home), value(rotating), left(rotating)) == ([], "first", [])


def test_what_cannot_be_revoked_waits_and_is_tried_again_until_it_is(rotating: Run, home: Path) -> None:
    (home / "down").touch()
    rotating("refresh", "p/t")
    rotating("refresh", "p/t")
    assert left(rotating) == [("p/t", 2, 1)]  # not again within the minute
    assert rotating("revoke", "--pending").returncode == 1
    assert left(rotating) == [("p/t", 2, 3)]
    assert b"2 secrets to be revoked" in rotating("revoke", "--list").stdout
    (home / "down").unlink()
    assert rotating("refresh", "--due").returncode == 0
    assert revoked(home) == []  # its time has not come
    assert rotating("revoke", "--pending").returncode == 0
    assert (revoked(home), left(rotating)) == (["first", "secret-1"], [])
    assert rotating("revoke", "--pending").stdout == b"there is nothing to revoke\n"


def test_an_overlap_passes_first(rotating: Run, profiles: Path, home: Path) -> None:
    write(profiles, overlap="2s")
    rotating("approve", "p/t", "--yes")
    rotating("refresh", "p/t")
    assert (revoked(home), left(rotating)) == ([], [("p/t", 1, 0)])
    time.sleep(2.1)
    assert rotating("watch", "--once").returncode == 0
    assert (revoked(home), left(rotating)) == (["first"], [])


def test_what_was_approved_then_is_what_happens(rotating: Run, profiles: Path, home: Path) -> None:
    """A definition that names another command afterwards is not asked, approved or not."""
    (home / "down").touch()
    rotating("refresh", "p/t")
    program(profiles / "thief", '#!/bin/sh\ncat >> "$HOME/stolen"\n')
    (profiles / "p.toml").write_text((profiles / "p.toml").read_text().replace("./revoke", "./thief"))
    time.sleep(REST)
    (home / "down").unlink()
    assert rotating("approve", "p/t", "--yes").returncode == 0
    rotating("revoke", "--pending")
    assert (revoked(home), (home / "stolen").exists()) == (["first"], False)


def test_another_program_in_its_place_is_not_run(rotating: Run, profiles: Path, home: Path) -> None:
    (home / "down").touch()
    rotating("refresh", "p/t")
    program(profiles / "revoke", '#!/bin/sh\ncat >> "$HOME/stolen"\n')
    (home / "down").unlink()
    done = rotating("revoke", "--pending")
    assert b"is not the program that was approved" in done.stderr
    assert not (home / "stolen").exists()
    assert rotating("revoke", "p/t", "--forget", "--yes").returncode == 0
    assert left(rotating) == []


def test_a_removed_token_leaves_its_queue_behind(rotating: Run, home: Path) -> None:
    (home / "down").touch()
    rotating("refresh", "p/t")
    assert b"1 secret of it still to be revoked" in rotating("remove", "p/t", "--yes").stdout
    assert rotating("list").stdout.startswith(b"No tokens.")
    assert left(rotating) == [("p/t", 1, 1)]
    (home / "down").unlink()
    assert rotating("revoke", "--pending").returncode == 0
    assert (revoked(home), left(rotating)) == (["first"], [])


def test_a_removed_profile_leaves_its_queue_behind(rotating: Run, home: Path) -> None:
    (home / "down").touch()
    rotating("refresh", "p/t")
    assert b"1 secret of it still to be revoked" in rotating("profile", "remove", "p", "--yes").stdout
    assert left(rotating) == [("p/t", 1, 1)]


def test_revoke_ends_the_present_secret_too(rotating: Run, home: Path) -> None:
    assert rotating("revoke", "p/t").returncode == 1  # it asks
    assert value(rotating) == "first"
    done = rotating("revoke", "p/t", "--yes")
    assert done.returncode == 0
    assert (revoked(home), value(rotating)) == (["first"], "")
    assert b"its owner revoked it" in rotating("why", "p/t").stdout
    rotating("approve", "p/t", "--yes")
    assert value(rotating) == ""
    assert rotating("refresh", "p/t").returncode == 0
    assert value(rotating) == "secret-1"


def test_an_expiry_revokes_only_where_that_is_wanted(rotating: Run, profiles: Path, home: Path) -> None:
    rotating("expire", "p/t", "--yes")
    rotating("refresh", "--due")
    assert (revoked(home), left(rotating)) == ([], [])
    rotating("approve", "p/t", "--yes")
    write(profiles, more=", on_expiry = true")
    rotating("approve", "p/t", "--yes")
    rotating("expire", "p/t", "--yes")
    assert rotating("watch", "--once").returncode == 1
    assert (revoked(home), value(rotating)) == (["first"], "")


def test_expire_all_expires_every_token(rotating: Run) -> None:
    rotating("add", "default/other", "--env", "O", given=b"x\n")
    assert rotating("expire", "--all").returncode == 1
    done = rotating("expire", "--all", "--yes")
    assert done.stdout.split(b"\n")[:2] == [b"default/other is expired", b"p/t is expired"]
    rows = json.loads(rotating("list", "--json").stdout)
    assert {row["state"] for row in rows} == {"expired"}
    assert rotating("expire", "--all", "--yes").stdout == b"there is no token to expire\n"


def test_a_copy_has_nothing_to_revoke(rotating: Run, home: Path) -> None:
    (home / "down").touch()
    rotating("refresh", "p/t")
    assert rotating("token", "copy", "p/t", "default/t", "--yes").returncode == 0
    assert left(rotating) == [("p/t", 1, 1)]
    rotating("token", "rename", "p/t", "u", "--yes")
    assert left(rotating) == [("p/u", 1, 0)]


@pytest.mark.parametrize("step", ["to be revoked", "revoked", *STEPS])
@pytest.mark.parametrize(("words", "nth"), [("refresh p/t", 1), ("revoke p/t --yes", 1), ("revoke p/t --yes", 2)])
def test_a_kill_anywhere_loses_no_secret_that_is_to_be_revoked(
    rotating: Run, environ: dict[str, str], home: Path, step: str, words: str, nth: int
) -> None:
    if nth == 2 and step in ("to be revoked", "revoked"):
        pytest.skip("there is one secret")
    command = [sys.executable, "-c", KILLER, step, str(nth), *words.split()]
    done = subprocess.run(command, env=environ, capture_output=True, check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL, done.stderr
    rotating("list")
    rotating("revoke", "--pending")
    kept = value(rotating)
    ended = revoked(home)
    assert (kept == "first") is ("first" not in ended), (kept, ended)
    assert kept not in ended
    assert len(ended) <= 2  # once more at most, where it was killed between the answer and its note
    assert left(rotating) == []
    assert rotating("log", "--verify").returncode == 0


ASK = """#!/bin/sh
read -r secret
echo "$secret" >> "$HOME/asked"
case "$secret" in secret-2) echo '{"revoked": true}' ;; *) echo '{"identity": "octo"}' ;; esac
"""


def test_a_new_secret_is_proved_before_it_takes_the_place_of_the_old_one(
    rotating: Run, profiles: Path, home: Path
) -> None:
    program(profiles / "ask", ASK)
    with (profiles / "p.toml").open("a") as file:
        file.write('probe = { command = ["./ask"] }\n')
    time.sleep(REST)
    assert rotating("approve", "p/t", "--yes").returncode == 0
    assert rotating("refresh", "p/t").returncode == 0
    assert (value(rotating), revoked(home)) == ("secret-1", ["first"])
    done = rotating("refresh", "p/t")
    assert (done.returncode, b"is not accepted" in done.stderr) == (1, True), done.stderr
    assert (value(rotating), revoked(home)) == ("secret-1", ["first"])
    assert rotating("refresh", "p/t", "--by-hand", given=b"secret-2\n").returncode == 1
    assert value(rotating) == "secret-1"
    assert rotating("refresh", "p/t").returncode == 0
    assert (value(rotating), revoked(home)) == ("secret-3", ["first", "secret-1"])
    assert (home / "asked").read_text().split() == ["secret-1", "secret-2", "secret-2", "secret-3"]
    assert b"carried.identity" in rotating("keys", "carried").stdout or b"octo" in rotating("show", "p/t").stdout
