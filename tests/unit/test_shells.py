"""What every shell promises: a form of export, and where it has them a hook and completion."""

import re
from contextlib import suppress
from pathlib import Path

import pytest

from keybound.domain.errors import BadInputError
from keybound.shells.base import HookedShell
from keybound.shells.registry import SHELLS, completed, get_hook, get_shell, hooked, shell_called
from keybound.shells.starting import start_command
from keybound.shells.step import EnvUpdate

PAGE = (Path(__file__).parents[2] / "docs" / "shells.md").read_text()
VALUES = (b"", b"plain", b"a b\tc", b"it's", b"$x `y` \\z", "é‘’".encode(), b"\xff\xfe", b"one\ntwo")


@pytest.mark.parametrize("name", SHELLS)
def test_a_form_of_export(name: str) -> None:
    shell = get_shell(name)
    for value in VALUES:
        with suppress(BadInputError):
            assert shell.assign("NAME", value) in shell.export({"NAME": value, "OTHER": b"x"}) or name in ("json", "nu")
    assert b"OTHER" in shell.export({"NAME": b"y", "OTHER": b"x"})
    assert b"NAME" in shell.unset("NAME")
    for wrong in ("", "A B", "A;B", "1A", "A\n", "É"):
        with pytest.raises(BadInputError):
            shell.assign(wrong, b"x")
        with pytest.raises(BadInputError):
            shell.unset(wrong)


@pytest.mark.parametrize("name", hooked())
def test_a_hook(name: str) -> None:
    shell = get_hook(name)
    script = shell.hook("/opt/a python", {"XDG_STATE_HOME": "/home/it's"}, "/state dir")
    for there in ("/opt/a python", "/state dir", "/hooks", "XDG_STATE_HOME", "hook-step", start_command()[0]):
        assert there in script
    assert not re.search("@[A-Z]+@", script)
    answer = EnvUpdate(
        {"TOKEN": b"value"}, {"TOKEN": True}, ["OLD"], "held", seconds=9, profile="staging", state="active"
    )
    for told in (b"TOKEN", b"value", b"OLD", b"held", b"staging", b"active"):
        assert told in shell.render(answer)
    assert f"keybound hook {name}" in f"{shell.rc_file} {shell.rc_line}"
    assert f"`{shell.rc_line}`" in PAGE.replace("\\|", "|")
    assert (name in completed()) == bool(shell.completion)
    assert not shell.completion or "@CALL@ complete -- " in shell.completion
    assert shell_called(name) == name


@pytest.mark.parametrize("name", SHELLS)
def test_the_table_says_which_have_a_hook(name: str) -> None:
    assert isinstance(get_shell(name), HookedShell) == (name in hooked())
    assert not set(completed()) - set(hooked())


def test_a_program_is_taken_for_a_shell() -> None:
    assert [shell_called(one) for one in ("dash", "zsh", "json", "make")] == ["bash", "zsh", "", ""]
    with pytest.raises(BadInputError, match="no hook"):
        get_hook("json")
    with pytest.raises(BadInputError, match="not a known shell"):
        get_shell("make")
