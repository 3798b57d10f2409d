"""The application in a real terminal: a file is saved by an editor, the token changes its state on the screen."""

import os
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from support.staging import CANARY, furnish
from support.terminal import Screen

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


def in_place(path: Path) -> None:
    path.write_text("current-context: prod\n")


def rename_over(path: Path) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_text("current-context: prod\n")
    fresh.rename(path)


def delete_and_recreate(path: Path) -> None:
    path.unlink()
    path.write_text("current-context: prod\n")


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (120, 40)])
@pytest.mark.parametrize("save", [in_place, rename_over, delete_and_recreate])
def test_a_saved_file_expires_the_token_on_the_screen(
    keybound: Run,
    environ: dict[str, str],
    profiles: Path,
    home: Path,
    save: Callable[[Path], None],
    columns: int,
    rows: int,
) -> None:
    furnish(keybound, profiles, home)
    keybound("use", "staging")
    screen = Screen([], environ, columns, rows)
    try:
        assert "active" in screen.until("GITHUB_TOKEN")
        save(home / "kube.yaml")
        screen.until("staging/github expired")
        screen.until("prod")
    finally:
        screen.end()
    assert CANARY not in screen.raw
    assert screen.child.exitstatus == 0


def test_the_demo_shows_three_profiles_and_leaves_nothing(environ: dict[str, str], tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    mine = Path(environ["HOME"]) / ".netrc"
    mine.write_text("machine mine.example.org login ann password x7Gq2LmZ9vB4tRwK8nYc\n")
    screen = Screen(["demo"], {**environ, "TMPDIR": str(scratch)}, 120, 40)
    shown = screen.until("13 tokens", 60)
    assert all(name in shown for name in ("staging", "base", "personal", "expired", "unapproved"))
    assert len(os.listdir(scratch)) == 1
    screen.child.send("i")
    shown = screen.until("replace plain copies")
    for place in ("~/.env", "~/.docker/config.json", "~/.cargo/credentials.toml", "~/.bash_history:2"):
        assert place in shown
    assert "netrc" not in shown  # it looks into its own home alone
    screen.child.send("\r")
    screen.until("stripe, session-secret, docker-hub, crates-io")
    screen.child.send("\r")
    screen.until("17 tokens")
    screen.end()
    assert os.listdir(scratch) == []
    assert list(Path(environ["HOME"]).iterdir()) == [mine]


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (120, 40)])
def test_plain_tokens_are_imported_and_no_secret_reaches_the_screen(
    keybound: Run, environ: dict[str, str], profiles: Path, home: Path, columns: int, rows: int
) -> None:
    furnish(keybound, profiles, home)
    keybound("use", "staging")
    plain = "x7Gq2LmZ9vB4tRwK8nYc"
    (home / ".env").write_text(f"API_KEY={plain}\nOTHER_TOKEN={plain[::-1]}\n")
    (home / ".bash_history").write_text(f"mysql --password={plain}1\n")
    screen = Screen([], environ, columns, rows)
    try:
        screen.until("active")
        screen.child.send("i")
        screen.until("~/.bash_history:1")
        screen.child.send("\x1b")
        screen.until("1 token ")
        assert plain in (home / ".env").read_text()
        screen.child.send("i")
        screen.until("stores 2 tokens in staging")
        screen.child.send("o \r")  # with their plain copies; but not the first
        screen.until("1 token stored in staging, sealed and read back")
        screen.child.send("\r")
        screen.until("2 tokens ")
    finally:
        screen.end()
    assert plain.encode() not in screen.raw
    assert plain[::-1].encode() not in screen.raw
    assert (home / ".env").read_text() == f"API_KEY={plain}\n"


def a_program(path: Path, text: str) -> str:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o700)
    return str(path)


def test_the_users_editor_gets_a_draft_and_bad_text_loses_nothing(
    keybound: Run, environ: dict[str, str], profiles: Path, home: Path, tmp_path: Path
) -> None:
    furnish(keybound, profiles, home)
    keybound("use", "staging")
    before = (profiles / "staging.toml").read_text()
    spoil = f'env > "{tmp_path}/seen"; echo EDITING; sed -i "s/beta_writes = false/beta_writes = = 7/" "$1"'
    screen = Screen([], {**environ, "EDITOR": a_program(tmp_path / "spoil", spoil)}, 120, 40)
    try:
        screen.until("GITHUB_TOKEN")
        screen.child.send("3")
        screen.until("beta_writes = false")
        screen.child.send("\x0f")
        shown = screen.until("the text cannot be read")
        assert "beta_writes = = 7" in shown
        assert (profiles / "staging.toml").read_text() == before
        assert b"EDITING" in screen.raw
        assert "KEYBOUND_PASSWORD_FILE" not in (tmp_path / "seen").read_text()
        screen.child.send("\x1a")
        screen.until("beta_writes = false")
    finally:
        screen.end()


def test_a_store_locked_from_another_terminal_is_unlocked_here_without_an_echo(
    keybound: Run, environ: dict[str, str], profiles: Path, home: Path
) -> None:
    furnish(keybound, profiles, home)
    keybound("use", "staging")
    typed = {name: value for name, value in environ.items() if name != "KEYBOUND_PASSWORD_FILE"}
    screen = Screen([], typed, 80, 24)
    try:
        screen.until("active")
        keybound("lock")
        screen.until("file store is locked")
        screen.child.send("a wrong horse\r")
        screen.until("the passphrase is wrong")
        screen.child.send("correct horse\r")
        screen.until("store is open")
        screen.until("active")
    finally:
        screen.end()
    assert b"horse" not in screen.raw
    assert CANARY not in screen.raw
    assert screen.child.exitstatus == 0


def test_a_store_unlocked_from_another_terminal_is_seen_here(
    keybound: Run, environ: dict[str, str], profiles: Path, home: Path
) -> None:
    furnish(keybound, profiles, home)
    keybound("use", "staging")
    keybound("lock")
    typed = {name: value for name, value in environ.items() if name != "KEYBOUND_PASSWORD_FILE"}
    screen = Screen([], typed, 80, 24)
    try:
        screen.until("file store is locked")
        assert keybound("unlock").returncode == 0
        screen.until("all inside", 20)  # the slow look comes after 30 s
    finally:
        screen.end()


def test_a_store_that_never_answers_still_lets_the_application_paint_and_quit(
    environ: dict[str, str], tmp_path: Path
) -> None:
    with socket.socket(socket.AF_UNIX) as bus:
        bus.bind(str(tmp_path / "bus"))
        bus.listen()
        mute = {**environ, "KEYBOUND_STORE": "keyring", "DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path}/bus"}
        (Path(environ["HOME"]) / ".local" / "state" / "keybound").mkdir(parents=True)
        (Path(environ["HOME"]) / ".local" / "state" / "keybound" / "store").write_text("keyring\n")
        screen = Screen([], mute, 80, 24)
        try:
            screen.until("Tokens", 4)
            screen.until("did not answer", 15)
            screen.child.send("R")
            screen.child.send("5")
            screen.until("Journal", 4)
            start = time.monotonic()
        finally:
            screen.end()
    assert time.monotonic() - start < 4, "quitting waits for no store"
    assert screen.child.exitstatus == 0


def bare(environ: dict[str, str]) -> dict[str, str]:
    """An environment in which nothing says where secrets are kept."""
    return {
        name: value for name, value in environ.items() if name in ("PATH", "HOME", "LANG", "TERM", "KEYBOUND_AGENT")
    }


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (120, 40)])
def test_the_first_run_asks_on_the_screen_and_ends_with_a_token(
    environ: dict[str, str], home: Path, columns: int, rows: int
) -> None:
    screen = Screen([], bare(environ), columns, rows)
    try:
        screen.until("no keyring")
        screen.until("~/.local/share/keybound/store")
        screen.until("Again")
        screen.child.send("correct horse battery\r")
        screen.until(" to guess")
        screen.child.send("correct horse battery\r")
        screen.until("look at a demo", 40)
        screen.child.send("a")
        screen.until("Add a token to default")
        screen.child.send(f"\x1b[200~{CANARY.decode()}\x1b[201~")
        screen.until(f"{len(CANARY)} characters")
        screen.child.send("\x1b")
        screen.until("discard it")
        screen.child.send("\r")
        screen.until("/ filter")
    finally:
        screen.end()
    screen = Screen([], bare(environ), columns, rows)
    try:
        screen.until("look at a demo")  # the kernel keeps the store open, or it is locked
    finally:
        screen.end()
    assert b"horse" not in screen.raw
    assert (home / ".config/keybound/profiles/default.toml").exists()


def test_the_first_run_left_leaves_no_choice_and_no_store(environ: dict[str, str], home: Path) -> None:
    screen = Screen([], bare(environ), 80, 24)
    try:
        screen.until("Again")
        screen.child.send("correct horse battery\r\x1b")
        screen.until("no profile")
    finally:
        screen.end()
    assert not (home / ".local/share/keybound").exists()
    assert not (home / ".local/state/keybound/store").exists()
    assert not (home / ".config/keybound").exists()


def test_the_demo_is_shown_from_the_first_run_and_comes_back(
    keybound: Run, environ: dict[str, str], home: Path
) -> None:
    assert keybound("init").returncode == 0
    screen = Screen([], environ, 120, 40)
    try:
        screen.until("look at a demo")
        screen.child.send("E")
        screen.until("13 tokens", 60)
        screen.child.send("q")
        screen.until("look at a demo")
    finally:
        screen.end()
    assert screen.child.exitstatus == 0
