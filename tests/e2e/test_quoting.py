"""Every value comes out of every shell byte for byte, and nothing but the named variables is set."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from keybound.domain.errors import BadInputError
from keybound.domain.values.variables import MAX_ENV_STRING
from keybound.shells.registry import get_shell
from support.nasty import texts, values
from support.programs_at_hand import needed

COUNT = 520
DUMP = (
    "import os,sys; sys.stdout.buffer.write(b'\\0'.join(k + b'=' + v for k, v in sorted(os.environb.items())"
    " if k.startswith((b'KB_', b'INJECTED'))))"
)
# shell: its command line before the script's path, how it reads FILE, and how it starts the program that shows
SHELLS = {
    "bash": (["bash", "--norc", "--noprofile"], 'eval "$(cat FILE)"\n', ""),
    "zsh": (["zsh", "-f"], 'eval "$(cat FILE)"\n', ""),
    "fish": (["fish", "--no-config"], "cat FILE | source\n", ""),
    "elvish": (["elvish", "-norc"], "eval (cat FILE | slurp)\n", ""),
    "xonsh": (["xonsh", "--no-rc"], "exec(open('FILE').read())\n", ""),
    "nu": (["nu", "--no-config-file"], "open --raw FILE | from json | load-env\n", "^"),
}
TEXT_ONLY = {"nu"}


def through(shell: str, exported: bytes, tmp_path: Path) -> dict[bytes, bytes]:
    """What a program sees that is started by a shell which has evaluated the export."""
    words, read, mark = SHELLS[shell]
    needed(words[0])
    (tmp_path / "exported").write_bytes(exported)
    (tmp_path / "dump.py").write_text(DUMP)
    script = tmp_path / "script"
    script.write_text(
        f"{read.replace('FILE', str(tmp_path / 'exported'))}{mark}{sys.executable} {tmp_path / 'dump.py'}\n"
    )
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LANG": "C.UTF-8", "XONSH_HISTORY_BACKEND": "dummy"}
    done = subprocess.run(
        [*words, str(script)], env=environ, capture_output=True, check=False, timeout=120, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    pairs = [pair.partition(b"=") for pair in done.stdout.split(b"\0") if pair]
    return {name: value for name, _, value in pairs}


@pytest.mark.parametrize("shell", SHELLS)
def test_every_value_byte_for_byte(shell: str, tmp_path: Path) -> None:
    corpus = texts(COUNT) if shell in TEXT_ONLY else values(COUNT)
    expected = {f"KB_{number}": value for number, value in enumerate(corpus)}
    found = through(shell, get_shell(shell).export(expected), tmp_path)
    wrong = {
        name: (value, found.get(name.encode())) for name, value in expected.items() if found.get(name.encode()) != value
    }
    assert not wrong, list(wrong.items())[:3]
    assert len(found) == len(expected)


@pytest.mark.parametrize("shell", SHELLS)
def test_the_longest_value_that_a_process_can_have(shell: str, tmp_path: Path) -> None:
    value = b"a" * (MAX_ENV_STRING - len("KB_0="))
    assert through(shell, get_shell(shell).export({"KB_0": value}), tmp_path) == {b"KB_0": value}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "elvish", "xonsh"])
def test_what_was_set_is_unset_and_unsetting_nothing_is_no_error(shell: str, tmp_path: Path) -> None:
    form = get_shell(shell)
    lines = form.assign("KB_A", b"1") + form.assign("KB_B", b"2") + form.unset("KB_A") + form.unset("KB_NEVER")
    assert through(shell, lines, tmp_path) == {b"KB_B": b"2"}


@pytest.mark.parametrize("shell", [*SHELLS, "pwsh", "dotenv", "json"])
@pytest.mark.parametrize("name", ["", "1A", "A B", "A;id", "A=B", "é", "A\nB", "-n", "${x}"])
def test_a_name_that_is_none_is_refused(shell: str, name: str) -> None:
    with pytest.raises(BadInputError):
        get_shell(shell).assign(name, b"x")
    with pytest.raises(BadInputError):
        get_shell(shell).unset(name)


@pytest.mark.parametrize("shell", ["nu", "pwsh", "dotenv", "json"])
def test_what_is_not_text_is_refused_where_only_text_can_be_held(shell: str) -> None:
    with pytest.raises(BadInputError):
        get_shell(shell).export({"A": b"\xff"})


def test_powershell_doubles_every_character_that_it_reads_as_a_quote() -> None:
    # about_Quoting_Rules: U+2018, U+2019, U+201A and U+201B count as single quotes. PowerShell cannot run here.
    for value in texts(COUNT):
        line = get_shell("pwsh").assign("A", value).decode()
        assert line.startswith("$env:A = '")
        assert line.endswith("'\n")
        body = line[len("$env:A = '") : -2]
        for quote in "'\u2018\u2019\u201a\u201b":
            body = body.replace(quote * 2, "")
        assert not any(quote in body for quote in "'\u2018\u2019\u201a\u201b")
