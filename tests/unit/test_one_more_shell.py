"""One more shell, from outside: one row of its table. It is offered, called, hooked and completed."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from keybound.cli.console import calling_shell
from keybound.cli.console.arguments import parser_of
from keybound.cli.main import main
from keybound.cli.verbs.shells.completion import candidates
from keybound.cli.verbs.shells.hook_step import put_step
from keybound.custody.context.context import Context
from keybound.shells.base import HookedShell
from keybound.shells.registry import SHELLS, Row, get_shell, hooked
from keybound.shells.step import EnvUpdate, Step


@pytest.fixture
def context(environ: dict[str, str], tmp_path: Path) -> Context:
    return Context(environ, str(tmp_path))


class Rc(HookedShell):
    rc_file = "~/lib/profile"
    rc_line = "eval `{keybound hook rc}"
    text_only = True
    completion = "complete with @CALL@ complete -- $*"

    def assign(self, name: str, value: bytes) -> bytes:
        return name.encode() + b"='" + value.replace(b"'", b"''") + b"'\n"

    def unset(self, name: str) -> bytes:
        return name.encode() + b"=()\n"

    def hook(self, python: str, home: Mapping[str, str], state: str) -> str:
        return f"fn prompt {{ eval `{{ {python} hook-step rc {state} }} }}\n"

    def render(self, answer: EnvUpdate) -> bytes:
        return b"".join(map(self.unset, answer.drop)) + self.export(answer.put)


RC = Rc()


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(SHELLS, "rc", Row(f"{__name__}:RC", hook=True, completion=True, called=("9rc",)))
    return "rc"


def test_a_shell(
    shell: str, context: Context, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    for words in (["hook", ""], ["env", "--shell", ""], ["use", "--shell", ""], ["completion", ""]):
        assert shell in list(candidates(context, words)), words
    assert "dotenv,rc}" in "".join(parser_of("env").format_help().split())
    assert get_shell(shell).export({"A": b"it's"}) == b"A='it''s'\n"

    assert main(["hook", shell]) == main(["completion", shell]) == main(["use", "--shell", shell, "-"]) == 0
    printed = capsysbinary.readouterr().out
    for said in (b"hook-step rc ", b"-m keybound.cli complete -- $*", b"KEYBOUND_PROFILE=()\n"):
        assert said in printed
    put_step(shell, Step(EnvUpdate({"A": b"1", "B": b"\xff"}, {}, ["C"], ""), ""), "quiet")
    assert capsysbinary.readouterr().out == b"C=()\nA='1'\n"

    monkeypatch.setattr(calling_shell, "parents", lambda: ["make:2", "9rc:1"])
    assert calling_shell.calling_shell({}) == shell


def test_it_was_added_from_outside() -> None:
    assert "rc" not in hooked()
