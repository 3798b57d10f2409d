"""One more file format, from outside: one row of its table. It is told, read, placed and offered everywhere."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from keybound.cli.console.arguments import parser_of
from keybound.cli.verbs.shells.completion import candidates
from keybound.custody.context.context import Context
from keybound.domain.file_formats import FORMATS, FileFormat
from keybound.domain.profile.json_schema import json_schema
from keybound.domain.values.keys import Member
from keybound.domain.values.readings import Value
from keybound.sources.files.locate import line_of
from keybound.sources.formats.base import Format, Place
from keybound.sources.formats.reading import parse
from keybound.sources.parse_fault import ParseError
from support.inputs import profile_of


@pytest.fixture
def context(environ: dict[str, str], tmp_path: Path) -> Context:
    return Context(environ, str(tmp_path))


def _arrows(text: str) -> Value:
    data: dict[str, Value] = {}
    for name, value, _ in _lines(text):
        data[name] = value
    return data


def _lines(text: str) -> Iterator[tuple[str, str, int]]:
    for number, one in enumerate(text.splitlines(), 1):
        name, arrow, value = one.partition(" -> ")
        if not arrow:
            raise ParseError("it is not NAME -> value", number)
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


def test_a_file_format(file_format: str, context: Context) -> None:
    assert parse("/x/a.arrows", b"b -> 1\na -> 2\n") == {"b": "1", "a": "2"}
    assert parse("/x/a", b"-> -> 1\n") == {"->": "1"}
    assert parse("/x/a.toml", b"a -> 2", file_format) == {"a": "2"}
    assert line_of("/x/a.arrows", "b -> 1\na -> 2\n", [Member("a")]) == (2, 1)
    assert line_of("/x/a.toml", "b -> 1\na -> 2\n", [Member("a")], file_format) == (2, 1)
    with pytest.raises(ParseError, match="->"):
        parse("/x/a.arrows", b"nothing")

    profile_of({}, files={"x": {"path": "/x/a", "format": file_format}})
    told = json.loads(json_schema("profile"))["properties"]["files"]["additionalProperties"]["anyOf"]
    assert file_format in next(one for one in told if "properties" in one)["properties"]["format"]["enum"]
    assert list(candidates(context, ["file", "x", "/x/a", "--format", "ar"])) == [file_format]
    assert "dotenv,arrows}" in "".join(parser_of("file").format_help().split())


def test_it_was_added_from_outside() -> None:
    assert "arrows" not in json_schema("profile")
