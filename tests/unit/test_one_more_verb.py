"""One more verb, from outside: one row of its table. It runs, and help, completion and reference tell it."""

import os
from pathlib import Path

import pytest

from keybound.cli.console.arguments import parser
from keybound.cli.console.output import put
from keybound.cli.console.parsing import Parser
from keybound.cli.console.reference import commands_table
from keybound.cli.console.usage import usage
from keybound.cli.main import main
from keybound.cli.registry import VERBS, Verb
from keybound.cli.verbs.shells.completion import candidates
from keybound.custody.context.context import Context


@pytest.fixture
def context(environ: dict[str, str], tmp_path: Path) -> Context:
    return Context(environ, str(tmp_path))


def greet_parser() -> Parser:
    parse = parser("greet", "keybound greet staging", more="It is no use.")
    parse.add_argument("profile", metavar="PROFILE", help="The profile to greet.")
    return parse


def greet(argv: list[str]) -> int:
    put(f"hello {greet_parser().parse_args(argv).profile}\n")
    return 3


@pytest.fixture
def verb(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(VERBS, "greet", Verb(f"{__name__}:greet", "Be polite", "greet a profile"))
    return "greet"


def test_a_verb(verb: str, context: Context, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([verb, "staging"]) == 3
    assert capsys.readouterr().out == "hello staging\n"
    assert main([verb]) == 2
    assert "keybound greet --help" in capsys.readouterr().err

    assert "\nBe polite:\n  greet              greet a profile\n" in usage()
    with pytest.raises(SystemExit):
        main([verb, "--help"])
    assert "Greet a profile. It is no use." in capsys.readouterr().out
    assert "**Be polite**\n" in commands_table()
    assert "| `greet PROFILE` | greet a profile |" in commands_table()
    assert list(candidates(context, ["gr"])) == [verb]
    os.makedirs(context.home.profiles)
    Path(context.home.profile_path("staging")).write_text("schema = 1\n")
    assert list(candidates(context, [verb, "s"])) == ["staging"]


def test_it_was_added_from_outside() -> None:
    assert "greet" not in usage()
