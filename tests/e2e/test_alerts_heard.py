"""Alerts of the installed command: delivered once by whoever runs, heard by a real desktop, a real system's log, a prompt."""

import json
import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from keybound.catalogue.shipped import shipped
from keybound.custody.alerts.channels.desktop import Desktop
from keybound.custody.alerts.channels.syslog import Syslog
from keybound.stores.alert_table import Alert
from support.agents import comes, runner, started, with_agents
from support.programs_at_hand import needed
from support.samples import good_sample
from support.secret_service import Bus
from support.shells import Terminal
from support.staging import COMMAND, REST, Run, furnish

TO_FILE = '[[alert]]\nto = "file:~/alerts.jsonl"\n'
KIND = next(kind for provider in shipped() if provider.id == "github" for kind in provider.tokens if kind.checksum)
EXPIRED = "flags.beta_writes is true, bound to false"


@pytest.fixture
def staging(keybound: Run, profiles: Path, home: Path) -> Path:
    """The profile's file, in a home that sends its alerts to a file."""
    furnish(keybound, profiles, home)
    assert keybound("use", "staging").returncode == 0
    (home / ".config/keybound/config.toml").write_text(TO_FILE)
    return profiles / "staging.toml"


def leave_bounds(profile: Path) -> None:
    profile.write_text(profile.read_text().replace("beta_writes = false", "beta_writes = true", 1))
    time.sleep(REST)


def delivered(home: Path) -> list[tuple[str, str, str]]:
    path = home / "alerts.jsonl"
    rows = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    return [(row["kind"], row["id"], row["message"]) for row in rows]


def alone(home: Path) -> bool:
    """Whether the file has the expiry, and a moment later nothing more."""
    expected = [("expired", "staging/github", EXPIRED)]
    return comes(lambda: delivered(home)) and not comes(lambda: delivered(home) != expected, 1.5)


def test_whoever_finds_it_has_it_delivered_and_does_not_wait(keybound: Run, staging: Path, home: Path) -> None:
    leave_bounds(staging)
    for _ in range(2):
        assert keybound("exec", "--", "true").returncode == 1
    assert alone(home)


def test_a_command_that_releases_leaves_no_process_of_ours(keybound: Run, staging: Path, home: Path) -> None:
    """What delivers is no child of the command that ``exec`` becomes."""
    leave_bounds(staging)
    done = keybound("exec", "--keep-going", "--", "sh", "-c", "echo $$; ps -o pid= --ppid $$ | wc -l")
    assert int(done.stdout.split()[1]) <= 2, done.stdout  # the pipe's own two
    assert alone(home)


def test_watch_delivers_what_it_finds_and_what_others_do(
    keybound: Run, environ: dict[str, str], staging: Path, home: Path
) -> None:
    with subprocess.Popen([COMMAND, "watch"], env=environ, stdout=subprocess.PIPE, start_new_session=True) as watch:
        try:
            assert comes(lambda: b'"watch"' in keybound("status", "--json").stdout)
            leave_bounds(staging)
            keybound("list")
            assert alone(home)
        finally:
            watch.kill()


def test_the_agent_delivers(environ: dict[str, str], keybound: Run, staging: Path, home: Path, tmp_path: Path) -> None:
    with with_agents(environ) as made:
        run = runner(made, tmp_path)
        started(run)
        assert comes(lambda: b'"agent"' in run("status", "--json").stdout)
        leave_bounds(staging)
        run("exec", "--", "true")
        assert alone(home)


def test_it_is_listed_and_seen(keybound: Run, staging: Path) -> None:
    assert b"there are no alerts" in keybound("alerts").stdout
    leave_bounds(staging)
    keybound("list")
    (found,) = json.loads(keybound("alerts", "--json").stdout)
    assert (found["kind"], found["id"], found["message"]) == ("expired", "staging/github", EXPIRED)
    assert (found["stands"], found["seen"]) == (True, False)
    assert b"Alerts      1 unseen" in keybound("status").stdout
    first, second = (keybound("alerts").stdout.decode() for _ in range(2))
    assert first.startswith("* ")
    assert first[2:] == second[2:]
    assert f"staging/github is expired: {EXPIRED}" in second
    assert b"unseen" not in keybound("status").stdout


def test_what_goes_wrong_is_said_in_a_line(keybound: Run, staging: Path, home: Path) -> None:
    config = home / ".config/keybound/config.toml"
    for text, status, words in (
        ("", 4, "no [[alert]] is configured"),
        ("[[alert]]\n", 2, "alert.0: to is missing"),
        ('[[alert]]\nto = "mail"\n', 2, "alerts cannot go to 'mail'"),
        ('[[alert]]\nto = "file:x"\n', 2, "begins with / or ~/"),
        ('[[alert]]\nwhen = "lots"\nto = "bell"\n', 2, "'lots' is no kind of alert"),
        ('[[alert]]\nto = "command"\n', 2, 'to = "command" needs a command'),
        ('[[alert]]\nto = "bell"\ncommand = ["x"]\n', 2, "the command is not used"),
        ('[[alert]]\nto = "command"\ncommand = ["x"]\ntimeout = "1h"\n', 2, "must be between 1s and 60s"),
    ):
        config.write_text(text)
        done = keybound("alerts", "test")
        assert done.returncode == status, text
        assert words in done.stderr.decode(), (text, done.stderr)
    config.write_text('[[alert]]\nto = "command"\ncommand = ["./none"]\n')
    assert keybound("alerts", "test").returncode == 1
    assert b"./none: no such program" in keybound("alerts", "approve", "--yes").stderr
    assert keybound("alerts", "seen", "--json").returncode == 2
    assert keybound("alerts", "--last", "0").returncode == 2


def test_a_command_is_asked_about_before_it_runs(keybound: Run, staging: Path, home: Path) -> None:
    (home / ".config/keybound/config.toml").write_text(
        '[[alert]]\nto = "command"\ncommand = ["sh", "-c", "cat > told"]\n'
    )
    refused = keybound("alerts", "approve")
    assert (refused.returncode, b"needs confirmation" in refused.stderr) == (1, True)
    assert b"not approved" in keybound("alerts", "test").stdout
    assert keybound("alerts", "approve", "--yes").returncode == 0
    assert keybound("alerts", "test").stdout == b"command: sent\n"
    assert json.loads((home / ".config/keybound/told").read_text())["alerts"][0]["kind"] == "test"


def test_the_next_prompt_tells_what_nobody_saw_once(
    keybound: Run, environ: dict[str, str], staging: Path, home: Path
) -> None:
    (home / ".config/keybound/config.toml").write_text('[[alert]]\nto = "bell"\n')
    (home / "leak").mkdir()
    (home / "leak/.env").write_text(f"TOKEN={good_sample(KIND, random.Random(1))}\n")
    with closing(Terminal("bash", environ)) as shell, closing(Terminal("bash", environ)) as other:
        assert keybound("scan", str(home / "leak")).returncode == 1
        for each, rings in ((shell, True), (other, False)):
            said = each.do("true") + each.do("true")
            assert said.count("1 unseen alert: ") == 1
            assert f"{home}/leak/.env has plain tokens: line 1" in said
            assert ("\a" in said) is rings
        assert "alert" not in shell.do("true") + shell.do("true")
        (home / "leak/.env").unlink()
        assert keybound("scan", str(home / "leak")).returncode == 0
        shell.do("keybound alerts >/dev/null")
    assert b"(over)" in keybound("alerts").stdout
    with closing(Terminal("bash", environ)) as shell:
        assert "alert" not in shell.do("true") + shell.do("true")


def test_a_prompt_that_says_it_does_not_say_it_twice(keybound: Run, environ: dict[str, str], staging: Path) -> None:
    with closing(Terminal("bash", environ)) as shell:
        leave_bounds(staging)
        said = shell.do("true") + shell.do("true")
        assert EXPIRED in said
        assert "alert" not in said
    assert json.loads(keybound("alerts", "--json").stdout)[0]["seen"]


@contextmanager
def dunst(bus: Bus) -> Iterator[dict[str, str]]:
    """A real notification service on the bus, on a display of its own; the environment to ask it."""
    read, write = os.pipe()
    with subprocess.Popen([needed("Xvfb"), "-displayfd", str(write)], pass_fds=[write], stderr=subprocess.DEVNULL) as x:
        os.close(write)
        with open(read) as display:
            environ = {**bus.environ, "DISPLAY": f":{display.readline().strip()}"}
        with subprocess.Popen([needed("dunst")], env=environ, stderr=subprocess.DEVNULL) as service:
            try:
                assert comes(
                    lambda: subprocess.run(["dunstctl", "count"], env=environ, capture_output=True).returncode == 0
                )
                yield environ
            finally:
                service.kill()
                x.kill()


def test_a_real_desktop_shows_many_as_one_and_no_markup(bus: Bus) -> None:
    needed("dunst")
    many = [Alert(n, "", "found-plain", f"/home/a/<b>{n}</b>", "x & y", True, False, False) for n in range(7)]
    with dunst(bus) as environ:
        Desktop(environ).send(many)
        subprocess.run(["dunstctl", "close-all"], env=environ, check=True)
        shown = subprocess.run(["dunstctl", "history"], env=environ, check=True, capture_output=True).stdout
    ((notification,),) = json.loads(shown)["data"]
    assert notification["appname"]["data"] == "Keybound"
    assert notification["summary"]["data"] == "Keybound: 7 alerts"
    body = notification["body"]["data"]
    assert "&lt;b&gt;6&lt;/b&gt;" in body
    assert "x &amp; y" in body
    assert body.endswith("and 2 more: keybound alerts")


def test_a_real_log_of_the_system_has_each(tmp_path: Path) -> None:
    log, place = tmp_path / "out", tmp_path / "log"
    (tmp_path / "conf").write_text(
        f'module(load="imuxsock" SysSock.Use="off")\ninput(type="imuxsock" Socket="{place}")\n'
        f'template(name="all" type="string" string="%syslogfacility-text%.%syslogseverity-text% %programname% %msg%\\n")\n'
        f'action(type="omfile" file="{log}" template="all")\n'
    )
    command = [needed("rsyslogd"), "-n", "-f", str(tmp_path / "conf"), "-i", str(tmp_path / "pid")]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as service:
        try:
            assert comes(place.exists)
            Syslog(str(place)).send(
                [
                    Alert(1, "", "expired", "p/a", "über\nnacht", True, False, False),
                    Alert(2, "", "lost", "p/b", "loses x", False, False, False),
                ]
            )
            assert comes(lambda: log.exists() and log.read_text().count("\n") == 2)
        finally:
            service.kill()
    assert log.read_text().splitlines() == [
        "user.warning keybound  expired: p/a is expired: über\\x0anacht",
        "user.warning keybound  lost: p/b loses x",
    ]


def test_a_log_that_takes_nothing_holds_nobody_up(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as deaf:
        deaf.bind(str(tmp_path / "log"))
        deaf.setblocking(False)
        alert = Alert(1, "", "expired", "p/a", "x" * 500, True, False, False)
        began = time.monotonic()
        with pytest.raises(Exception, match="log"):
            Syslog(str(tmp_path / "log")).send([alert] * 2000)
        assert time.monotonic() - began < 20


def test_a_release_of_what_is_well_loads_nothing_of_it(keybound: Run, environ: dict[str, str], staging: Path) -> None:
    assert keybound("exec", "--", "true").returncode == 0
    done = subprocess.run(
        [COMMAND, "exec", "--", "true"],
        env={**environ, "PYTHONPROFILEIMPORTTIME": "1"},
        capture_output=True,
        check=True,
    )
    assert b"keybound.custody.release.release" in done.stderr
    for name in (b"custody.alerts", b"alert_table", b"state_alerts"):
        assert name not in done.stderr


def test_a_deliverer_that_is_killed_at_work_loses_nothing(keybound: Run, staging: Path, home: Path) -> None:
    """The command hangs at its first call, and whoever called it is killed: the next look calls it again."""
    config = home / ".config/keybound"
    script = config / "notify"
    script.write_text(
        "#!/bin/sh\ncat >> told\n[ -e hung ] && exit\necho $PPID > hung.new; mv hung.new hung; sleep 60\n"
    )
    script.chmod(0o700)
    text = '[[alert]]\nto = "command"\ncommand = ["./notify"]\ntimeout = "60s"\n'
    (config / "config.toml").write_text(text)
    assert keybound("alerts", "approve", "--yes").returncode == 0
    leave_bounds(staging)
    keybound("exec", "--", "true")
    assert comes((config / "hung").exists)
    os.kill(int((config / "hung").read_text()), signal.SIGKILL)
    assert not json.loads(keybound("alerts", "--json").stdout)[0]["delivered"]
    keybound("watch", "--once")
    assert [one["count"] for one in map(json.loads, (config / "told").read_text().splitlines())] == [1, 1]
    assert json.loads(keybound("alerts", "--json").stdout)[0]["delivered"]
