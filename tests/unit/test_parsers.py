"""Help, completion and the reference are what the parsers take: every verb, every argument, every flag."""

import argparse
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from keybound.cli.console.arguments import parser_of
from keybound.cli.console.parsing import Parser
from keybound.cli.console.reference import commands_table
from keybound.cli.console.usage import groups, usage
from keybound.cli.main import main
from keybound.cli.registry import VERBS
from keybound.cli.verbs.shells import completion as completing
from keybound.cli.verbs.use.exec import split_command
from keybound.custody.context.context import Context
from keybound.domain.errors import BadInputError
from keybound.shells.registry import SHELLS, hooked

DOCS = Path(__file__).parents[2] / "docs"
SENTENCE = re.compile(r"[A-Z`'].*[.…]\Z|--.*\.\Z", re.DOTALL)


def parts(verb: str) -> Iterator[tuple[list[str], Parser]]:
    """The parser of a verb and those of its parts, each with the words that lead to it."""
    parse = parser_of(verb)
    yield [verb], parse
    for action in parse._actions:
        if isinstance(action, argparse._SubParsersAction):
            for act, inner in action.choices.items():
                yield [verb, act], inner


def arguments() -> Iterator[tuple[list[str], Parser, argparse.Action]]:
    for verb in VERBS:
        for words, parse in parts(verb):
            for action in parse._actions:
                yield words, parse, action


def test_every_verb_stands_in_one_group() -> None:
    grouped = [verb for verbs in groups().values() for verb in verbs]
    assert sorted(grouped) == sorted(VERBS)
    page = usage()
    assert all(re.search(rf"^  {verb} ", page, re.MULTILINE) for verb in VERBS)
    assert "keybound --version" in page


def test_every_argument_is_told_in_a_sentence() -> None:
    untold = [(words, action.dest) for words, _, action in arguments() if not SENTENCE.match(action.help or "")]
    assert [one for one in untold if one[1] != "act"] == []


def test_every_part_of_a_verb_is_told_in_a_sentence() -> None:
    for _, _, action in arguments():
        if isinstance(action, argparse._SubParsersAction):
            assert all(SENTENCE.match(str(one.help)) for one in action._get_subactions())


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_two_examples_that_its_parser_takes(verb: str) -> None:
    parse = parser_of(verb)
    assert len(parse.examples) >= 2
    own = [
        found
        for one in parse.examples
        if (found := re.search(rf"\bkeybound {verb}\b([^|>()<&\"]*(?:\"[^\"]*\")*)", one))
    ]
    assert len(own) >= 2 or verb in ("hook", "completion"), parse.examples
    for found in own:
        try:
            given = shlex.split(found.group(1).strip())
        except ValueError:  # inside the quotes of another command
            continue
        parse.parse_args(split_command(given)[0])


def test_every_metavar_is_a_kind_that_completion_knows() -> None:
    known = completing.KINDS.keys() | completing.FILES | completing.FREE
    used = {
        str(action.metavar)
        for _, _, action in arguments()
        if action.nargs != 0 and action.choices is None and not isinstance(action, argparse._SubParsersAction)
    }
    assert used - known == set()
    assert known - used == set()


@pytest.fixture
def context(environ: dict[str, str], tmp_path: Path) -> Context:
    return Context(environ, str(tmp_path))


def candidates(context: Context, *words: str) -> list[str]:
    return list(completing.candidates(context, words))


def test_completion_offers_every_verb_and_every_flag(context: Context) -> None:
    assert set(VERBS) <= set(candidates(context, ""))
    for verb in VERBS:
        for words, parse in parts(verb):
            flags = {flag for one in parse._actions for flag in one.option_strings if flag.startswith("--")}
            assert set(candidates(context, *words, "--")) - {"--"} == flags, words


def test_completion_offers_every_choice(context: Context) -> None:
    for verb in VERBS:
        for words, parse in parts(verb):
            places = [one for one in parse._actions if not one.option_strings]
            for action in parse._actions:
                if action.choices is None or isinstance(action, argparse._SubParsersAction):
                    continue
                lead = [action.option_strings[-1]] if action.option_strings else ["x"] * places.index(action)
                assert candidates(context, *words, *lead, "") == [str(one) for one in action.choices], words


def test_completion_follows_the_parts_of_a_verb(context: Context) -> None:
    assert candidates(context, "hook", "") == hooked()
    assert candidates(context, "profile", "re") == ["rename", "remove"]
    assert candidates(context, "profile", "unset", "--") == ["--help", "--yes"]
    assert candidates(context, "env", "--shell=") == [f"--shell={shell}" for shell in SHELLS]
    assert candidates(context, "exec", "--mask", "--ma") == []
    assert candidates(context, "exec", "--only", "a", "--on") == ["--only"]
    assert candidates(context, "exec", "--", "--") == []
    assert candidates(context, "nothing", "") == []


def test_the_reference_has_the_commands_that_the_parsers_have() -> None:
    text = (DOCS / "reference.md").read_text()
    assert commands_table() in text, "write it anew: keybound docs --commands"


def test_what_is_too_much_is_not_printed_back(capsys: pytest.CaptureFixture[str]) -> None:
    for verb in VERBS:
        with pytest.raises(BadInputError) as caught:
            parser_of(verb).parse_args(["a", "b", "c", "d", "hunter2-secret", "--secret=hunter2-secret"])
        assert "hunter2" not in str(caught.value)
    assert main(["add", "staging/github", "hunter2-secret"]) == 2
    said = capsys.readouterr().err
    assert "never pass a secret as an argument" in said
    assert "hunter2" not in said
