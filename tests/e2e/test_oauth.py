"""OAuth against a certified OpenID provider: log in, refresh in a race, be killed anywhere, revoke; on both stores."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from keybound.custody.envelopes.transaction import STEPS
from support.oidc import OpenIdServer, openid_server
from support.oidc_login import log_in, write
from support.secret_service import Bus

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
# Runs the command line, and is killed at a step: of the refresh itself, or of the transaction.
KILLER = """
import os, signal, sys
from keybound.cli.main import main
from keybound.custody.envelopes import transaction
from keybound.custody.rotation import oauth_refresh

target = sys.argv[1]
renew = oauth_refresh.renew

def die(step):
    if step == target:
        os.kill(os.getpid(), signal.SIGKILL)

def renewing(*given):
    die("marked")
    found = renew(*given)
    die("answered")
    return found

oauth_refresh.renew = renewing
transaction.at_step = die
sys.exit(main(sys.argv[2:]))
"""


# Runs the command line later: what has an hour to live is due after 55 minutes, and has ended after two hours.
LATER = """
import sys
from datetime import timedelta
from keybound.cli.main import main
from keybound.custody.context.context import Context

now = Context.clock
Context.clock = lambda self: now(self) + timedelta(minutes=int(sys.argv[1]))
sys.exit(main(sys.argv[2:]))
"""
DUE = (sys.executable, "-c", LATER, "57")
TWO_HOURS_LATER = (sys.executable, "-c", LATER, "120")
# The application without a screen, at that time: it opens, does what is due, and ends.
APP = """
import asyncio, os
from datetime import timedelta
from keybound.custody.application.app_service import CustodyAppService
from keybound.custody.context.context import Context
from keybound.tui.app import KeyboundApp

now = Context.clock
Context.clock = lambda self: now(self) + timedelta(hours=2)

async def main():
    app = KeyboundApp(CustodyAppService(Context(os.environ, "/")), now=lambda: 0.0)
    async with app.run_test() as pilot:
        while not app.ready or app.rotating.pending:
            await pilot.pause(0.05)
        await pilot.pause(0.5)
        while app.rotating.pending:
            await pilot.pause(0.05)

asyncio.run(main())
"""
APPLICATION = (sys.executable, "-c", APP)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenIdServer]:
    with openid_server(tmp_path_factory.mktemp("oidc")) as made:
        yield made


@pytest.fixture(params=["file", "keyring"])
def store(request: pytest.FixtureRequest, environ: dict[str, str]) -> str:
    if request.param == "keyring":
        bus: Bus = request.getfixturevalue("bus")
        bus.start_keyring()
        environ["DBUS_SESSION_BUS_ADDRESS"] = bus.environ["DBUS_SESSION_BUS_ADDRESS"]
        environ["KEYBOUND_STORE"] = "keyring"
    return str(request.param)


def token_of(keybound: Run) -> str:
    done = keybound("env", "p", "--shell", "json")
    return str(json.loads(done.stdout)["API_TOKEN"]) if done.returncode == 0 else ""


def end_of(keybound: Run) -> str:
    """When the token ends, as ``show`` has it."""
    return str(json.loads(keybound("show", "p/api", "--json").stdout)["expires"])


@pytest.fixture
def logged_in(keybound: Run, store: str, environ: dict[str, str], profiles: Path, server: OpenIdServer) -> Run:
    """A token that is logged in for an hour."""
    assert keybound("init").returncode == 0
    write(profiles, server)
    status, _, err = log_in(environ, server)
    assert status == 0, err
    return keybound


def test_a_login_stores_the_token_with_its_end_and_nothing_secret_is_said(
    keybound: Run, store: str, environ: dict[str, str], profiles: Path, server: OpenIdServer
) -> None:
    keybound("init")
    write(profiles, server)
    status, out, err = log_in(environ, server)
    assert status == 0, err
    assert "p/api is stored and active, until " in out
    token = token_of(keybound)
    assert server.is_live(token)
    (row,) = json.loads(keybound("list", "--json").stdout)
    assert (row["id"], row["state"]) == ("p/api", "active")
    assert row["expires"] is not None
    log = keybound("log", "--json").stdout.decode()
    assert token not in out + err + log
    assert '"by":"login"' in log.replace(" ", "")


def test_a_login_that_is_declined_stores_nothing(
    keybound: Run, environ: dict[str, str], profiles: Path, server: OpenIdServer
) -> None:
    keybound("init")
    write(profiles, server)
    status, _, err = log_in(environ, server, agree=False)
    assert (status, "refused: End-User aborted interaction" in err) == (1, True), err
    assert json.loads(keybound("list", "--json").stdout)[0]["state"] == "missing"


def test_a_refresh_leaves_the_old_token_to_its_end_and_revoke_ends_the_whole_login(
    logged_in: Run, server: OpenIdServer
) -> None:
    """Asked to revoke the old one, this server ends the new one too."""
    first = token_of(logged_in)
    assert logged_in("refresh", "p/api").returncode == 0
    second = token_of(logged_in)
    assert second not in ("", first)
    assert server.is_live(second)
    done = logged_in("revoke", "p/api", "--yes")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(b" revoked it") == 2
    assert not server.is_live(second)
    assert token_of(logged_in) == ""
    assert b"login p/api" in logged_in("refresh", "p/api").stderr


def test_a_race_for_a_refresh_token_that_is_good_once_is_one_refresh_and_all_get_its_result(
    logged_in: Run, environ: dict[str, str], server: OpenIdServer
) -> None:
    before, old = server.counts, token_of(logged_in)
    server.ask("hold?ms=300")
    execs = [_started(environ, "exec", "p", "--", "printenv", "API_TOKEN") for _ in range(5)]
    hooks = [_started(environ, "hook-step", "xonsh", f"{environ['HOME']}/stamps{n}", more="p") for n in range(2)]
    watchers = [_started(environ, "watch", "--once"), _started(environ, "refresh", "--due")]
    watchers.append(_started(environ, program=APPLICATION))
    given = {_ended(one).strip() for one in execs}
    for one in (*hooks, *watchers):
        _ended(one)
    server.ask("hold?ms=0")
    after = server.counts
    (new,) = given
    assert new not in ("", old)
    assert server.is_live(new)
    assert (after["refreshed"] - before["refreshed"], after["reused"] - before["reused"]) == (1, 0)
    assert after["revoked"] == before["revoked"]
    assert logged_in("log", "--verify").returncode == 0


def _started(
    environ: dict[str, str], *arguments: str, more: str = "", program: Sequence[str] = TWO_HOURS_LATER
) -> "subprocess.Popen[str]":
    pinned = {"KEYBOUND_PROFILE": more} if more else {}
    return subprocess.Popen(
        [*program, *arguments],
        env={**environ, **pinned},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def _ended(child: "subprocess.Popen[str]") -> str:
    out, err = child.communicate(timeout=60)
    assert child.returncode == 0, err
    return out


def later(environ: dict[str, str], *arguments: str, program: Sequence[str] = TWO_HOURS_LATER) -> tuple[int, str, str]:
    """What the command line does then."""
    child = _started(environ, *arguments, program=program)
    out, err = child.communicate(timeout=60)
    return child.returncode, out, err


@pytest.mark.parametrize("step", ["marked", "answered", *STEPS])
def test_a_kill_anywhere_in_a_refresh_leaves_the_old_token_or_the_new_one_and_it_completes(
    logged_in: Run, environ: dict[str, str], profiles: Path, server: OpenIdServer, step: str
) -> None:
    old, counts = token_of(logged_in), server.counts
    command = [sys.executable, "-c", KILLER, step, "refresh", "p/api"]
    done = subprocess.run(command, env=environ, capture_output=True, check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL
    kept = token_of(logged_in)
    lost = step in ("answered", "intent", "texts")  # the server gave a new token, and nobody has it
    assert (kept == old) is (lost or step == "marked")
    assert server.counts["reused"] == counts["reused"]
    if lost:
        assert later(environ, "refresh", "--due", program=DUE)[0] == 0  # no second try while the token works
    assert (server.counts["reused"], server.counts["revoked"]) == (counts["reused"], counts["revoked"])
    status, out, err = later(environ, "exec", "p", "--", "printenv", "API_TOKEN")
    if lost:
        assert (status, "refused" in err) == (1, True), err
        assert log_in(environ, server, program=TWO_HOURS_LATER)[0] == 0
        status, out, err = later(environ, "exec", "p", "--", "printenv", "API_TOKEN")
    assert status == 0, err
    assert server.is_live(out.strip())
    assert logged_in("log", "--verify").returncode == 0


def test_a_timer_tries_again_once_a_token_has_ended_whose_refresh_nobody_knows_of(
    logged_in: Run, environ: dict[str, str], server: OpenIdServer
) -> None:
    command = [sys.executable, "-c", KILLER, "marked", "refresh", "p/api"]
    subprocess.run(command, env=environ, capture_output=True, check=False, timeout=60)
    refreshed = server.counts["refreshed"]
    assert later(environ, "refresh", "--due", program=DUE)[:2] == (0, "")
    assert server.counts["refreshed"] == refreshed
    assert later(environ, "refresh", "--due")[:2] == (0, "p/api has a new secret from its OAuth server\n")
    assert server.counts["refreshed"] == refreshed + 1


def test_a_probe_that_hears_of_no_end_leaves_the_one_that_the_server_gave(
    logged_in: Run, environ: dict[str, str], profiles: Path
) -> None:
    asks = profiles / "ask"
    asks.write_text("#!/bin/sh\ncat > /dev/null; echo '{}'\n")
    asks.chmod(0o755)
    ends = end_of(logged_in)
    assert logged_in("set", "p/api", "probe", "./ask", "--yes").returncode == 0
    assert logged_in("probe", "p/api").stdout == b"p/api  ok\n"
    assert end_of(logged_in) == ends
    assert later(environ, "refresh", "--due")[:2] == (0, "p/api has a new secret from its OAuth server\n")


def test_a_server_that_cannot_be_reached_leaves_all_as_it_is(
    logged_in: Run, profiles: Path, server: OpenIdServer, tmp_path: Path
) -> None:
    first = token_of(logged_in)
    (profiles.parent / "config.toml").write_text("")  # its certificate is not trusted any more
    done = logged_in("refresh", "p/api")
    assert (done.returncode, b"certificate is not trusted" in done.stderr) == (1, True), done.stderr
    assert token_of(logged_in) == first
    write(profiles, server)
    assert logged_in("refresh", "p/api").returncode == 0
    assert server.is_live(token_of(logged_in))
