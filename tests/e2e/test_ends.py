"""--expires and `expires` without a zone are local time, said with its offset; a day alone ends with that day."""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from support.staging import Run

ZONE = {"TZ": "America/Los_Angeles"}


@pytest.fixture
def profile(keybound: Run, profiles: Path) -> Path:
    assert keybound("init").returncode == 0
    return profiles / "default.toml"


@pytest.mark.parametrize(
    ("given", "written", "said"),
    [
        ("2027-01-31T18:00", "2027-01-31T18:00:00-08:00", "expires 2027-01-31 18:00 -08:00 (local time)"),
        ("2027-01-31", "2027-01-31T23:59:59-08:00", "expires 2027-01-31 23:59 -08:00 (local time)"),
        ("2027-07-31", "2027-07-31T23:59:59-07:00", "expires 2027-07-31 23:59 -07:00 (local time)"),
        ("2027-01-31T18:00Z", "2027-01-31T18:00:00Z", "expires 2027-01-31 18:00 UTC\n"),
        ("2027-01-31T18:00+01:00", "2027-01-31T18:00:00+01:00", "expires 2027-01-31 18:00 +01:00\n"),
    ],
)
def test_add_writes_and_says_the_offset(keybound: Run, profile: Path, given: str, written: str, said: str) -> None:
    done = keybound("add", "default/a", "--env", "A", "--expires", given, given=b"s", more=ZONE)
    assert done.returncode == 0, done.stderr
    assert f"expires = {written}\n" in profile.read_text()
    assert said in done.stdout.decode()


@pytest.mark.parametrize(
    ("written", "moment"), [("2027-01-31", "T23:59:59-08:00"), ("2027-01-31T18:00:00", "T18:00:00-08:00")]
)
def test_a_profile_takes_the_same(keybound: Run, profile: Path, written: str, moment: str) -> None:
    profile.write_text(f'schema = 1\n[tokens.a]\nenv = "A"\nexpires = {written}\n')
    assert keybound("add", "default/a", given=b"s", more=ZONE).returncode == 0
    (row,) = json.loads(keybound("list", "--json", more=ZONE).stdout)
    assert (row["state"], row["expires"]) == ("active", f"2027-01-31{moment}")
    assert f"{written.replace('T', ' ')} (local time)" in keybound("docs").stdout.decode()


def test_a_release_is_the_same_for_every_zone(keybound: Run, profile: Path) -> None:
    """A day that is over in one zone and not in another: what holds in the one says nothing of the other."""
    west, east = {"TZ": "Etc/GMT+12"}, {"TZ": "Etc/GMT-14"}
    day = (datetime.now(UTC) - timedelta(hours=12)).date()  # today in the west, over in the east
    profile.write_text(f'schema = 1\n[tokens.a]\nenv = "A"\nexpires = {day}\n')
    assert keybound("add", "default/a", given=b"s", more=west).returncode == 0
    assert keybound("exec", "default", "--", "printenv", "A", more=west).stdout == b"s\n"
    done = keybound("exec", "default", "--", "printenv", "A", more=east)
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"its lifetime ended on" in done.stderr


def test_no_approval_mends_a_time_that_ran_out(keybound: Run, profile: Path) -> None:
    profile.write_text('schema = 1\n[tokens.a]\nenv = "A"\nexpires = 2020-01-31\n[tokens.b]\nenv = "B"\nttl = "1s"\n')
    assert keybound("add", "default/a", given=b"s").returncode == 0
    done = keybound("approve", "default/a", "--yes")
    assert (done.returncode, done.stdout) == (1, b"")
    assert "its lifetime ended on 2020-01-31 23:59" in done.stderr.decode()
    assert "keybound set default/a expires WHEN" in done.stderr.decode()
    assert keybound("add", "default/b", given=b"s").returncode == 0
    time.sleep(1.2)
    assert b"keybound refresh default/b" in keybound("approve", "default/b", "--yes").stderr


def test_what_is_approved_all_the_same_stays_expired_and_says_so(keybound: Run, profile: Path) -> None:
    profile.write_text('schema = 1\n[tokens.a]\nenv = "A"\nexpires = 2020-01-31\n')
    assert keybound("add", "default/a", given=b"s").returncode == 0
    profile.write_text(profile.read_text().replace('"A"', '"B"'))
    time.sleep(0.4)
    done = keybound("approve", "default", "--yes")
    assert done.returncode == 1
    assert b"default/a is approved" in done.stdout
    assert b"default/a stays expired: its lifetime ended on" in done.stderr
    assert b"differs" not in keybound("why", "default/a").stdout


def test_after_a_lost_state_the_whole_definition_is_shown(keybound: Run, profile: Path, home: Path) -> None:
    words = ("--scope", "repo", "--bind", "settings.region equals=eu outside=suspend")
    profile.write_text('schema = 1\n[settings]\nregion = "eu"\n')
    assert keybound("add", "default/a", "--env", "A", *words, given=b"s").returncode == 0
    for path in (home / ".local/state/keybound").glob("state.db*"):
        path.unlink()
    profile.write_text(profile.read_text().replace('"A"', '"B"'))
    time.sleep(0.4)
    said = keybound("approve", "a", "--yes").stdout.decode().splitlines()
    assert said == [
        "default/a",
        "  what was approved before is not known here; the whole definition is:",
        '  bound."settings.region".equals = eu',
        '  bound."settings.region".outside = suspend',
        "  env = B",
        "  scopes = repo",
        "default/a is approved",
    ]


def test_a_new_secret_that_has_ended_already_is_not_replaced_again_at_once(keybound: Run, profile: Path) -> None:
    mints = profile.parent / "mint"
    past = json.dumps({"expires": -62_135_596_800})  # the first second of year 1: nothing lies before it
    mints.write_text('#!/bin/sh\necho n >> "$0.runs"; wc -l < "$0.runs"\n')
    (profile.parent / "ask").write_text(f"#!/bin/sh\ncat > /dev/null; echo '{past}'\n")
    for one in (mints, profile.parent / "ask"):
        one.chmod(0o755)
    ways = 'refresh = { command = ["./mint"] }\nprobe = { command = ["./ask"] }\n'
    profile.write_text(f'schema = 1\n[tokens.t]\nenv = "T"\n{ways}')
    assert keybound("add", f"{profile.stem}/t", given=b"first").returncode == 0
    keybound("probe", f"{profile.stem}/t")
    assert b"which is due again already" in keybound("refresh", "--due").stdout
    assert keybound("refresh", "--due").stdout == b""
    assert keybound("watch", "--once").returncode == 1
    assert (profile.parent / "mint.runs").read_text() == "n\n"
