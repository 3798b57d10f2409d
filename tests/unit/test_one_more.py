"""One more of each kind of thing, from outside: defined here, and named in the one table of its kind. It works everywhere."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from textual.app import ComposeResult

from keybound.cli import calling_shell
from keybound.cli.arguments import parser, parser_of
from keybound.cli.completing import candidates
from keybound.cli.lines import put
from keybound.cli.main import VERBS, Verb, main
from keybound.cli.parsing import Parser
from keybound.cli.reference import commands_table
from keybound.cli.stepping import put_step
from keybound.cli.usage import usage
from keybound.custody.context.keeper import Keeper
from keybound.custody.programs.tools import boundary_fault
from keybound.custody.tokens.binding_text import parse_bind
from keybound.domain.file_formats import FORMATS, FileFormat
from keybound.domain.guard import judge
from keybound.domain.json_schema import json_schema
from keybound.domain.keys import Member
from keybound.domain.readings import Found, Read, Value
from keybound.domain.rules.base import Given, RuleKind
from keybound.domain.rules.registry import RULES, rule_fault
from keybound.domain.rules.values import is_list, items
from keybound.domain.seal import definition_digest, definition_record
from keybound.domain.states import State
from keybound.domain.wording import rule_sign, rules_words
from keybound.shells.base import HookedShell
from keybound.shells.registry import SHELLS, Row, get_shell, hooked
from keybound.shells.step import Answer, Step
from keybound.sources.formats.base import Format, Place
from keybound.sources.formats.reading import parse
from keybound.sources.locate import line_of
from keybound.sources.parse_fault import ParseFault
from keybound.tui.canvas import Canvas
from keybound.tui.frame.footer import HELP, PALETTE, Hint
from keybound.tui.frame.room import Room
from keybound.tui.frame.tabs import TABS, Tab
from keybound.tui.ink import Line, line
from support.facts import facts_of, profile_of
from support.tui import driven


def _divides(value: Value, limit: Value, given: Given) -> bool:
    numbers = [one for one in items(limit) if isinstance(one, int)]
    if 0 in numbers:
        raise ValueError("nothing divides by zero")
    return isinstance(value, int) and all(value % number == 0 for number in numbers)


DIVISIBLE_BY = RuleKind(
    takes="a list of numbers",
    fits=lambda value: is_list(value) and all(isinstance(one, int) for one in items(value)),
    schema={"type": "array", "items": {"type": "integer"}},
    inside=_divides,
    words="divisible by {}",
    sign="÷",
    unordered=True,
)


@pytest.fixture
def keeper(environ: dict[str, str], tmp_path: Path) -> Keeper:
    return Keeper(environ, str(tmp_path))


@pytest.fixture
def rule(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(RULES, "divisible_by", f"{__name__}:DIVISIBLE_BY")
    return "divisible_by"


def test_a_rule(rule: str, keeper: Keeper) -> None:
    key, rules = parse_bind("settings.replicas divisible_by=[2, 3] outside=suspend")
    profile = profile_of({"bound": {key: rules}})
    one = profile.tokens["t"].bindings[0]
    assert (rules_words(one.rules), rule_sign(one.rules)) == ("divisible by 2, 3", "÷")
    verdicts = [judge(facts_of(profile, {key: Read(Found(value), "/p", 0)})) for value in (12, 8)]
    assert [one.state for one in verdicts] == [State.ACTIVE, State.SUSPENDED]
    assert "settings.replicas is 8, bound to divisible by 2, 3" in verdicts[1].why

    assert rule_fault(rule, "six") == "divisible_by takes a list of numbers"
    assert boundary_fault({rule: [0], "outside": "warn"}) == "nothing divides by zero"
    turned = profile_of({"bound": {key: {**rules, rule: [3, 2]}}})
    assert len({definition_digest(definition_record(each.tokens["t"], each)) for each in (profile, turned)}) == 1

    boundary = json.loads(json_schema("profile"))["properties"]["tokens"]["additionalProperties"]["properties"]["bound"]
    assert boundary["additionalProperties"]["properties"][rule] == DIVISIBLE_BY.schema
    assert list(candidates(keeper, ["bind", "p/t", key, "div"])) == ["divisible_by="]


def _arrows(text: str) -> Value:
    data: dict[str, Value] = {}
    for name, value, _ in _lines(text):
        data[name] = value
    return data


def _lines(text: str) -> Iterator[tuple[str, str, int]]:
    for number, one in enumerate(text.splitlines(), 1):
        name, arrow, value = one.partition(" -> ")
        if not arrow:
            raise ParseFault("it is not NAME -> value", number)
        yield name, value, number


def _place(text: str, names: Sequence[str]) -> Place | None:
    return next(((number, 1) for name, _, number in _lines(text) if [name] == names), None)


def is_arrows(text: str) -> bool:
    return text.startswith("-> -> ")


ARROWS = Format(_arrows, _place)


@pytest.fixture
def file_format(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(FORMATS, "arrows", FileFormat(f"{__name__}:ARROWS", ("*.arrows",), f"{__name__}:is_arrows"))
    return "arrows"


def test_a_file_format(file_format: str, keeper: Keeper) -> None:
    assert parse("/x/a.arrows", b"b -> 1\na -> 2\n") == {"b": "1", "a": "2"}
    assert parse("/x/a", b"-> -> 1\n") == {"->": "1"}
    assert parse("/x/a.toml", b"a -> 2", file_format) == {"a": "2"}
    assert line_of("/x/a.arrows", "b -> 1\na -> 2\n", [Member("a")]) == (2, 1)
    with pytest.raises(ParseFault, match="->"):
        parse("/x/a.arrows", b"nothing")

    profile_of({}, files={"x": {"path": "/x/a", "format": file_format}})
    told = json.loads(json_schema("profile"))["properties"]["files"]["additionalProperties"]["anyOf"]
    assert file_format in next(one for one in told if "properties" in one)["properties"]["format"]["enum"]
    assert list(candidates(keeper, ["file", "x", "/x/a", "--format", "ar"])) == [file_format]
    assert "dotenv,arrows}" in "".join(parser_of("file").format_help().split())


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

    def render(self, answer: Answer) -> bytes:
        return b"".join(map(self.unset, answer.drop)) + self.export(answer.put)


RC = Rc()


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(SHELLS, "rc", Row(f"{__name__}:RC", hook=True, completion=True, called=("9rc",)))
    return "rc"


def test_a_shell(
    shell: str, keeper: Keeper, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    for words in (["hook", ""], ["env", "--shell", ""], ["use", "--shell", ""], ["completion", ""]):
        assert shell in list(candidates(keeper, words)), words
    assert "dotenv,rc}" in "".join(parser_of("env").format_help().split())
    assert get_shell(shell).export({"A": b"it's"}) == b"A='it''s'\n"

    assert main(["hook", shell]) == main(["completion", shell]) == main(["use", "--shell", shell, "-"]) == 0
    printed = capsysbinary.readouterr().out
    for said in (b"hook-step rc ", b"-m keybound.cli complete -- $*", b"KEYBOUND_PROFILE=()\n"):
        assert said in printed
    put_step(shell, Step(Answer({"A": b"1", "B": b"\xff"}, {}, ["C"], ""), ""), "quiet")
    assert capsysbinary.readouterr().out == b"C=()\nA='1'\n"

    monkeypatch.setattr(calling_shell, "parents", lambda: ["make:2", "9rc:1"])
    assert calling_shell.calling_shell({}) == shell


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


def test_a_verb(verb: str, keeper: Keeper, capsys: pytest.CaptureFixture[str]) -> None:
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
    assert list(candidates(keeper, ["gr"])) == [verb]
    os.makedirs(keeper.home.profiles)
    Path(keeper.home.profile_path("staging")).write_text("schema = 1\n")
    assert list(candidates(keeper, [verb, "s"])) == ["staging"]


class Rates(Canvas, can_focus=True):
    def lines(self, width: int) -> list[Line]:
        return [line(("ten releases an hour", ""))]


class RatesRoom(Room):
    lost = ""

    def compose(self) -> ComposeResult:
        yield Rates()

    def refresh_view(self) -> None:
        self.main().repaint()

    def hints(self) -> list[Hint]:
        return [Hint("z", "reset", 1), HELP, PALETTE]

    def main(self) -> Rates:
        return self.query_one(Rates)

    def leave_question(self) -> str:
        return self.lost


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(TABS, "Rates", Tab(f"{__name__}:RatesRoom", lambda overview: len(overview.profiles)))
    return "Rates"


async def test_a_screen(screen: str) -> None:
    async with driven() as app:
        tab = f" 6 {screen} {len(app.app.overview.profiles)} "
        assert tab in app.shown
        await app.press("6")
        assert "ten releases an hour" in app.shown
        assert "z reset" in app.shown
        room = app.app.main_screen.room
        assert isinstance(room, RatesRoom)
        assert app.app.focused is room.main()
        room.lost = "the rates"
        await app.press("1")
        assert f" 6 {screen}* " in app.shown
        assert screen in [command.title for command in app.app.main_screen.commands()]
        await app.press("question_mark")
        assert "1-6" in app.shown


def test_they_were_added_from_outside() -> None:
    assert rule_fault("divisible_by", [2]) == "unknown rule divisible_by"
    assert "arrows" not in json_schema("profile")
    assert "rc" not in hooked()
    assert "greet" not in usage()
    assert "Rates" not in TABS
