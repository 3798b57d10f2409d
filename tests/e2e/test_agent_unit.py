"""What the system starts at login: written when asked for, enabled by nobody but its owner."""

import plistlib
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from keybound.cli.agent.server import AGAIN
from keybound.cli.units.agent import agent_unit
from keybound.cli.units.timer import timer_unit
from keybound.cli.units.unit import install, uninstall
from keybound.custody.context.home import find_home
from keybound.domain.errors import BadInputError, RefusedError
from support.agents import comes, runner, started, with_agents
from support.programs_at_hand import needed
from support.staging import COMMAND, Run

UNIT = ".config/systemd/user/keybound-agent.service"


def verified(unit: Path, folder: Path) -> "subprocess.CompletedProcess[str]":
    """What systemd says of a unit."""
    words = [needed("systemd-analyze"), "--user", "--man=no", "verify", str(unit)]
    environ = {"HOME": str(folder), "XDG_RUNTIME_DIR": str(folder), "PATH": "/usr/bin:/bin"}
    return subprocess.run(words, env=environ, capture_output=True, text=True, check=False, timeout=60)


def test_it_is_written_and_removed_and_nothing_is_enabled(keybound: Run, home: Path) -> None:
    assert keybound("agent", "--install").returncode == 2, "there is no home yet"
    assert keybound("init").returncode == 0
    done = keybound("agent", "--install")
    assert done.returncode == 0, done.stderr
    assert b"systemctl --user enable --now keybound-agent.service" in done.stdout
    assert [path.name for path in (home / ".config/systemd").rglob("*")] == ["user", "keybound-agent.service"]
    assert keybound("agent", "--install").returncode == 0, "again is harmless"
    wanted = home / ".config/systemd/user/default.target.wants"
    wanted.mkdir()
    (wanted / "keybound-agent.service").symlink_to(home / UNIT)
    assert b"systemctl --user stop" in keybound("agent", "--uninstall").stdout
    assert not list(wanted.iterdir())
    assert not (home / UNIT).exists()
    assert keybound("agent", "--uninstall").stdout == b"Nothing is installed.\n"


def test_a_file_of_somebody_elses_is_left_alone(keybound: Run, home: Path) -> None:
    assert keybound("init").returncode == 0
    (home / UNIT).parent.mkdir(parents=True)
    (home / UNIT).write_text("mine")
    for what in ("--install", "--uninstall"):
        done = keybound("agent", what)
        assert (done.returncode, b"is not Keybound's" in done.stderr) == (1, True)
    assert (home / UNIT).read_text() == "mine"


def test_who_wants_none_gets_none(keybound: Run, home: Path) -> None:
    assert keybound("init").returncode == 0
    (home / ".config/keybound/config.toml").write_text('[agent]\nstart = "never"\n')
    assert keybound("agent", "--install").returncode == 2
    assert not (home / UNIT).exists()


NAMES = ["plain", "a b", "%h", "$HOME", "ü", "it's", '"q"', "back\\slash", "line\nend"]


@pytest.mark.parametrize("name", NAMES)
def test_systemd_reads_it_whatever_the_folders_are_called(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = tmp_path / (name if NAMES.index(name) < 5 else "plain") / "python"
    python.parent.mkdir()
    python.symlink_to(sys.executable)
    monkeypatch.setattr(sys, "executable", str(python))
    environ = {"HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path / name), "LANG": "C.UTF-8", "EDITOR": "vi"}
    unit = agent_unit("linux", environ, find_home(environ))
    install(unit)
    done = verified(Path(unit.files[0].path), tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "EDITOR" not in unit.files[0].text
    Path(unit.files[0].path).write_text(unit.files[0].text.replace("/python", "/nothing"))
    assert verified(Path(unit.files[0].path), tmp_path).returncode != 0, "it looks for that very program"
    assert uninstall(unit)


@pytest.mark.parametrize("name", NAMES[5:])
def test_a_program_that_systemd_would_not_start_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / name / "python"))
    environ = {"HOME": str(tmp_path)}
    with pytest.raises(BadInputError, match="systemd"):
        agent_unit("linux", environ, find_home(environ))


def test_on_macos_it_is_a_plist_that_watches(tmp_path: Path) -> None:
    """Its text alone: there is no macOS here to load it."""
    environ = {"HOME": str(tmp_path), "KEYBOUND_STORE": "keyring", "GITHUB_TOKEN": "x"}
    unit = agent_unit("darwin", environ, find_home(environ))
    assert unit.files[0].path == f"{tmp_path}/Library/LaunchAgents/keybound-agent.plist"
    read = plistlib.loads(unit.files[0].text.encode())
    assert read["ProgramArguments"] == [sys.executable, "-I", "-m", "keybound.cli", "watch"]
    assert read["EnvironmentVariables"] == {"KEYBOUND_STORE": "keyring"}
    assert unit.files[0].path in unit.enable
    install(unit)
    assert uninstall(unit)
    with pytest.raises(BadInputError):
        agent_unit("win32", environ, find_home(environ))


def test_two_homes_have_two(tmp_path: Path) -> None:
    paths = set()
    for own in ({}, {"XDG_CONFIG_HOME": f"{tmp_path}/one"}, {"XDG_CONFIG_HOME": f"{tmp_path}/two"}):
        environ = {"HOME": str(tmp_path), **own}
        paths.add(Path(agent_unit("linux", environ, find_home(environ)).files[0].path).name)
    assert len(paths) == 3


def test_a_unit_that_was_changed_by_hand_is_still_ours(tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path)}
    unit = agent_unit("linux", environ, find_home(environ))
    install(unit)
    Path(unit.files[0].path).write_text(unit.files[0].text.replace("RestartSec=5", "RestartSec=9"))
    install(unit)
    assert "RestartSec=5" in Path(unit.files[0].path).read_text()
    Path(unit.files[0].path).write_text("")
    with pytest.raises(RefusedError):
        install(unit)


@pytest.fixture
def aided(environ: dict[str, str], keybound: Run) -> Iterator[dict[str, str]]:
    """The environment of somebody who has agents."""
    assert keybound("init").returncode == 0
    with with_agents(environ) as made:
        yield made


def test_the_service_takes_over_and_comes_again_after_a_lock(
    aided: dict[str, str], tmp_path: Path, keybound: Run, home: Path
) -> None:
    run = runner(aided, tmp_path)
    assert run("agent", "--install").returncode == 0
    words = shlex.split((home / UNIT).read_text().partition("ExecStart=")[2].partition("\n")[0])
    first = started(run)
    service = subprocess.Popen(words, env=aided)
    assert started(run) == first, "it waits for the one that was started otherwise"
    assert run("lock").returncode == 0
    assert comes(lambda: f"process {service.pid})" in run("agent", "status").stdout.decode())
    assert run("lock").returncode == 0
    assert service.wait(20) == AGAIN, "systemd starts it again"
    service = subprocess.Popen(words, env=aided)
    assert comes(lambda: run("agent", "status").returncode == 0)
    stop = subprocess.Popen([COMMAND, "agent", "stop"], env=aided, stdout=subprocess.DEVNULL)
    assert service.wait(20) == 0, "who stops it does not want it again"
    assert stop.wait(20) == 0


def test_a_timer_for_what_is_due_is_written_and_removed(keybound: Run, home: Path, tmp_path: Path) -> None:
    assert keybound("init").returncode == 0
    done = keybound("watch", "--install")
    assert b"systemctl --user enable --now keybound-due.timer" in done.stdout, done.stderr
    folder = home / ".config/systemd/user"
    assert sorted(path.name for path in folder.iterdir()) == ["keybound-due.service", "keybound-due.timer"]
    assert "refresh --due" in (folder / "keybound-due.service").read_text()
    for path in folder.iterdir():
        done_ = verified(path, tmp_path)
        assert (done_.returncode, done_.stderr) == (0, ""), path.name
    assert keybound("watch", "--uninstall").returncode == 0
    assert not list(folder.iterdir())


def test_on_macos_launchd_runs_what_is_due(tmp_path: Path) -> None:
    """By the form of launchd.plist(5) alone: there is no macOS here."""
    environ = {"HOME": str(tmp_path)}
    (file,) = timer_unit("darwin", environ, find_home(environ)).files
    told = plistlib.loads(file.text.encode())
    assert told["ProgramArguments"][-2:] == ["refresh", "--due"]
    assert (told["StartInterval"], told["RunAtLoad"]) == (3600, True)
