"""A one-line file of the state that cannot be read ends in one clear line, in both forms of a release."""

from collections.abc import Callable
from pathlib import Path

import pytest

from support.staging import CANARY, Run


def replace_by_a_folder(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.mkdir()


BREAK: dict[str, Callable[[Path], object]] = {
    "not text": lambda path: path.write_bytes(b"\xff\xfe\n"),
    "a folder": replace_by_a_folder,
}


@pytest.mark.parametrize("store", ["file"], indirect=True)
@pytest.mark.parametrize("how", BREAK)
@pytest.mark.parametrize("name", ["store", "active"])
def test_it_is_said_in_one_line(run: Run, staged: Path, name: str, how: str) -> None:
    path = staged / name
    BREAK[how](path)
    stamps = str(staged / "hooks" / "1-x")
    for arguments in (["exec", "--", "true"], ["env", "--shell", "bash"], ["hook-step", "xonsh", stamps], ["list"]):
        done = run(*arguments, more={"KEYBOUND_STORE": ""})
        assert CANARY not in done.stdout
        assert b"Traceback" not in done.stderr
        if arguments[0] in ("exec", "env"):
            assert (done.returncode, done.stdout) == (2, b"")
            assert str(path).encode() in done.stderr
    (Path.rmdir if path.is_dir() else Path.unlink)(path)
    assert run("use", "staging").returncode == 0
    assert run("exec", "--", "true").returncode == 0
