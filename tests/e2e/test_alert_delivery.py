"""Delivery: nothing is lost by a kill and at most one delivery repeated; grouped, not too often, a failure said once."""

import json
import os
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from keybound.custody.alerts import handing_on
from keybound.custody.alerts.channels import json_file, syslog
from keybound.custody.alerts.channels.base import ChannelError
from keybound.custody.alerts.commands import approve_command, commands
from keybound.custody.alerts.delivery import FIRST_GAP, LONGEST_GAP, Delivery, deliver
from keybound.custody.alerts.raising import raise_alert
from keybound.custody.alerts.trying import try_channels
from keybound.custody.alerts.words import body, title
from keybound.domain.values.alert_kinds import AlertKind
from keybound.stores import watchers
from keybound.stores.alert_table import Alert, AlertTable
from keybound.stores.lock import exclusive
from unit.test_clock import Shifted

TO_FILE = '[[alert]]\nto = "file:~/alerts.jsonl"\n'
RING = '[[alert]]\nto = "bell"\n'


@pytest.fixture
def context(environ: dict[str, str], tmp_path: Path) -> Iterator[Shifted]:
    context = Shifted(environ, str(tmp_path))
    context.delivers = True
    Path(context.home.config).mkdir(parents=True)
    configure(context, TO_FILE)
    yield context
    context.state.close()


class Bell:
    """Counts how often it rang."""

    def __init__(self) -> None:
        self.rang = 0

    def __call__(self) -> None:
        self.rang += 1


def configure(context: Shifted, text: str) -> None:
    Path(context.home.settings).write_text(text)


def find(context: Shifted, name: str, kind: AlertKind = AlertKind.EXPIRED) -> None:
    raise_alert(context, kind, name, "its lifetime ended")


def lines(context: Shifted) -> list[str]:
    path = Path(context.home.user, "alerts.jsonl")
    return [json.loads(line)["id"] for line in path.read_text().splitlines()] if path.exists() else []


def waiting(context: Shifted) -> list[str]:
    return [one.about for one in AlertTable(context.state).undelivered()]


def test_each_is_delivered_once(context: Shifted) -> None:
    for name in ("p/a", "p/b"):
        find(context, name)
    for _ in range(3):
        assert deliver(context) == Delivery()
    assert lines(context) == ["p/a", "p/b"]
    assert waiting(context) == []


def test_a_kill_before_delivery_loses_nothing(context: Shifted) -> None:
    find(context, "p/a")
    with (
        patch.object(json_file.JsonFile, "send", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        deliver(context)
    deliver(context)
    assert lines(context) == ["p/a"]


def test_a_kill_between_delivery_and_mark_repeats_that_one_alone(context: Shifted) -> None:
    for name in ("p/a", "p/b", "p/c"):
        find(context, name)
    whole, calls = AlertTable.mark_sent, []

    def mark(self: AlertTable, channel: str, ids: Sequence[int], record: object) -> None:
        calls.append(ids)
        if len(calls) == 2:
            raise KeyboardInterrupt
        whole(self, channel, ids, record)  # type: ignore[arg-type]

    with patch.object(AlertTable, "mark_sent", mark), pytest.raises(KeyboardInterrupt):
        deliver(context)
    deliver(context)
    assert lines(context) == ["p/a", "p/b", "p/b", "p/c"]


def test_one_delivers_at_a_time(context: Shifted) -> None:
    find(context, "p/a")
    with exclusive(os.path.join(context.home.state, "alerts.lock")):
        assert deliver(context) == Delivery()
    assert lines(context) == []
    deliver(context)
    assert lines(context) == ["p/a"]


def test_what_comes_while_others_are_delivered_is_not_left(context: Shifted) -> None:
    find(context, "p/a")
    whole = json_file.JsonFile.send

    def send(self: json_file.JsonFile, alerts: Sequence[Alert]) -> None:
        whole(self, alerts)
        if alerts[0].about == "p/a":
            find(context, "p/b")

    with patch.object(json_file.JsonFile, "send", send):
        deliver(context)
    assert lines(context) == ["p/a", "p/b"]


def test_many_are_one_notification_and_the_next_has_to_wait(context: Shifted) -> None:
    configure(context, RING)
    bell = Bell()
    for number in range(5):
        find(context, f"p/a{number}")
    assert deliver(context, bell) == Delivery()
    assert bell.rang == 1
    find(context, "p/next")
    find(context, "p/last")
    wait = deliver(context, bell).seconds
    assert bell.rang == 1
    assert wait is not None
    assert 0 < wait <= FIRST_GAP
    context.shift = timedelta(seconds=FIRST_GAP)
    assert deliver(context, bell) == Delivery()
    assert bell.rang == 2
    assert waiting(context) == []


def test_what_never_stops_is_told_less_and_less_often(context: Shifted) -> None:
    configure(context, RING)
    bell = Bell()
    for number in range(3600):
        context.shift = timedelta(seconds=number)
        if number % 10 == 0:
            find(context, f"p/a{number}")
            deliver(context, bell)
    assert 12 <= bell.rang <= 3600 / LONGEST_GAP + 8


def test_a_clock_set_back_holds_nothing_up(context: Shifted) -> None:
    configure(context, RING)
    bell = Bell()
    context.shift = timedelta(days=30)
    find(context, "p/a")
    deliver(context, bell)
    context.shift = timedelta()
    find(context, "p/b")
    deliver(context, bell)
    assert bell.rang == 2


def test_a_bell_waits_for_who_has_one_and_is_moot_once_it_was_seen(context: Shifted) -> None:
    configure(context, RING)
    for name in ("p/a", "p/b"):
        find(context, name)
    assert deliver(context) == Delivery()
    assert waiting(context) == ["p/a", "p/b"]
    AlertTable(context.state).mark_seen([one.id for one in AlertTable(context.state).unseen()])
    bell = Bell()
    deliver(context, bell)
    assert (bell.rang, waiting(context)) == (0, [])


def test_a_channel_that_fails_is_said_once_and_holds_up_no_other(context: Shifted) -> None:
    folder = Path(context.home.user, "blocked")
    folder.mkdir()
    configure(context, f'[[alert]]\nto = ["file:{folder}", "file:~/alerts.jsonl"]\n')
    find(context, "p/a")
    first = deliver(context)
    assert first.faults == (f"alerts to file:{folder}: is a directory",)
    assert lines(context) == ["p/a"]
    find(context, "p/b")
    assert deliver(context).faults == ()
    assert lines(context) == ["p/a", "p/b"]
    with patch.object(json_file, "_append", side_effect=OSError(5, "Broken")) as tried:
        for minute in range(180):
            context.shift = timedelta(minutes=minute)
            assert len(deliver(context).faults) <= (tried.call_count == 1)
    assert 5 <= tried.call_count <= 10
    folder.rmdir()
    context.shift = timedelta(days=1)
    assert deliver(context) == Delivery()
    assert waiting(context) == []
    assert sorted(one["id"] for one in map(json.loads, folder.read_text().splitlines())) == ["p/a", "p/b"]


def test_a_rule_has_its_kinds_and_profiles(context: Shifted) -> None:
    configure(context, '[[alert]]\nwhen = ["lost", "due"]\nprofiles = "prod"\nto = "file:~/alerts.jsonl"\n')
    find(context, "prod/a", AlertKind.EXPIRED)
    find(context, "prod/b", AlertKind.LOST)
    find(context, "other/c", AlertKind.LOST)
    find(context, "prod", AlertKind.DUE)
    deliver(context)
    assert lines(context) == ["prod/b", "prod"]


def test_what_nobody_wanted_is_not_sent_when_a_rule_comes(context: Shifted) -> None:
    configure(context, "")
    find(context, "p/a")
    configure(context, TO_FILE)
    find(context, "p/b")
    deliver(context)
    assert lines(context) == ["p/b"]


def test_a_broken_config_is_said_and_what_was_found_waits(context: Shifted) -> None:
    configure(context, "[[alert]]\nto = 1\n")
    find(context, "p/a")
    assert "config.toml" in deliver(context).faults[0]
    configure(context, TO_FILE)
    deliver(context)
    assert lines(context) == ["p/a"]


def test_a_pipe_that_nobody_reads_holds_nobody_up(context: Shifted) -> None:
    pipe = Path(context.home.user, "alerts.jsonl")
    os.mkfifo(pipe)
    find(context, "p/a")
    assert deliver(context).faults == (f"alerts to file:{pipe}: no such device or address",)


def test_nothing_in_an_alert_drives_a_terminal_or_its_markup(context: Shifted) -> None:
    raise_alert(context, AlertKind.FOUND_PLAIN, "/home/a\x1b]0;x\x07", "<b>two</b>\nlines \u202e")
    (alert,) = AlertTable(context.state).undelivered()
    deliver(context)
    line = json.loads(Path(context.home.user, "alerts.jsonl").read_text())
    assert body([alert]).isprintable()
    assert line["message"] == "<b>two</b>\\x0alines \\u202e"


def test_a_group_says_how_many_and_shows_the_newest() -> None:
    many = [Alert(number, "", "expired", f"p/a{number}", "x", True, False, False) for number in range(9)]
    assert title(many) == "Keybound: 9 alerts"
    assert body(many).splitlines() == [
        *(f"p/a{number} is expired: x" for number in (8, 7, 6, 5, 4)),
        "and 4 more: keybound alerts",
    ]


def test_a_command_runs_as_it_was_approved_and_no_other_way(context: Shifted) -> None:
    script, told = Path(context.home.config, "notify"), Path(context.home.user, "told")
    script.write_text(f'#!/bin/sh\necho "$1" >> {told}; cat >> {told}\n')
    script.chmod(0o700)
    text = '[[alert]]\nto = "command"\ncommand = ["./notify", "first"]\n'
    configure(context, text)
    find(context, "p/a")
    said = deliver(context).faults
    assert said == ("alerts to command: ./notify does not run (not approved): keybound alerts approve",)
    assert not told.exists()
    (one,) = commands(context)
    approve_command(context, one)
    assert deliver(context) == Delivery()
    words, _, rest = told.read_text().partition("\n")
    assert words == "first"
    assert [each["id"] for each in json.loads(rest)["alerts"]] == ["p/a"]

    context.shift = timedelta(hours=1)
    told.unlink()
    refused(context, told, text.replace("first", "other"), script, script.read_text())
    refused(context, told, text, script, script.read_text() + "# more\n")


def refused(context: Shifted, told: Path, text: str, script: Path, program: str) -> None:
    configure(context, text)
    script.write_text(program)
    find(context, f"p/{len(waiting(context))}")
    context.shift += timedelta(hours=2)
    deliver(context)
    assert commands(context)[0].fault
    assert not told.exists()


def test_a_command_that_hangs_is_ended(context: Shifted) -> None:
    configure(context, '[[alert]]\nto = "command"\ncommand = ["sleep", "60"]\ntimeout = "1s"\n')
    approve_command(context, commands(context)[0])
    find(context, "p/a")
    assert deliver(context).faults == ("alerts to command: the alert command did not finish within 1 s",)


def test_each_channel_is_tried(context: Shifted, tmp_path: Path) -> None:
    configure(context, '[[alert]]\nto = ["file:~/alerts.jsonl", "syslog", "bell"]\n')
    with patch.object(syslog.Syslog.__init__, "__defaults__", (str(tmp_path / "log"),)):
        told = try_channels(context, None)
    assert dict(told) == {
        f"file:{context.home.user}/alerts.jsonl": "",
        "syslog": f"{tmp_path}/log: No such file or directory",
        "bell": "there is no terminal here",
    }
    assert lines(context) == ["keybound"]


def test_of_two_commands_each_is_tried_and_told(context: Shifted) -> None:
    both = "".join(f'[[alert]]\nto = "command"\ncommand = ["{one}"]\n' for one in ("false", "true"))
    configure(context, both)
    for one in commands(context):
        approve_command(context, one)
    told = try_channels(context, None)
    assert [name for name, _ in told] == ["command", "command"]
    assert [fault == "" for _, fault in told] == [False, True]


def test_where_nobody_watches_a_process_of_its_own_delivers(context: Shifted) -> None:
    started: list[Sequence[str]] = []
    with patch.object(handing_on, "start_detached", lambda words, environ: started.append(words)):
        find(context, "p/a")
        context.delivers = False
        find(context, "p/b")
        for name in (watchers.PERSON, watchers.AGENT):
            with watchers.announced(context.home.state, name):
                find(context, f"p/{name}")
        configure(context, "")
        find(context, "p/c")
    assert started == [["-m", "keybound.cli", "alerts-deliver"]]


def test_a_fault_of_a_channel_is_an_error_to_whoever_sends() -> None:
    with pytest.raises(ChannelError, match="No such file"):
        syslog.Syslog("/nonexistent/log").send([])
