"""A screen as plain text: to a pipe, on a terminal, where the terminal can only print."""

import subprocess

import pexpect
import pytest

from support.staging import CANARY, COMMAND, Run, furnish

SCREENS = ("tokens", "map", "profile", "drift", "journal")


@pytest.fixture
def furnished(keybound: Run, environ: dict[str, str], profiles: object, home: object) -> dict[str, str]:
    furnish(keybound, profiles, home)  # type: ignore[arg-type]
    keybound("use", "staging")
    return environ


@pytest.mark.parametrize("screen", SCREENS)
def test_it_goes_to_a_pipe_in_eighty_columns_without_a_secret(furnished: dict[str, str], screen: str) -> None:
    done = subprocess.run(
        [COMMAND, "--plain", screen],
        env={**furnished, "TERM": "dumb", "COLUMNS": "200"},
        capture_output=True,
        timeout=30,
        check=True,
    )
    assert done.stdout.strip()
    assert done.stderr == b""
    assert CANARY not in done.stdout
    assert b"\x1b" not in done.stdout
    assert all(len(row) <= 80 or " " not in row.strip() for row in done.stdout.decode().split("\n"))


def test_it_is_as_wide_as_the_terminal(furnished: dict[str, str]) -> None:
    child = pexpect.spawn(COMMAND, ["--plain", "journal"], env=furnished, dimensions=(24, 44), timeout=20)
    child.expect(pexpect.EOF)
    rows = child.before.decode().split("\r\n")
    assert all(len(row) <= 44 or " " not in row.strip() for row in rows)
    assert any(len(row) > 30 for row in rows)
    assert "\x1b" not in child.before.decode()


def test_an_encoding_without_the_characters_gets_marks(furnished: dict[str, str]) -> None:
    done = subprocess.run(
        [COMMAND, "--plain"],
        env={**furnished, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        timeout=30,
        check=True,
    )
    assert done.stdout.isascii()
