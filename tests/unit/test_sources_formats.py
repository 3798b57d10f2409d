"""Formats: public vectors, what stands twice, what is too much, and what each format's words mean."""

import math
import re
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

import pytest

from keybound.domain.file_formats import FORMATS, format_by_name
from keybound.domain.registry import load
from keybound.domain.values.keys import Member
from keybound.domain.values.readings import Value
from keybound.sources.files.locate import line_of
from keybound.sources.formats.reading import parse
from keybound.sources.formats.registry import get_format, parses
from keybound.sources.parse_fault import ParseError

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("a.json", b'{"a": 1, "a": 1}'),
        ("a.json", b'{"x": [{"a": 1, "\\u0061": 2}]}'),
        ("a.jsonc", b'{"a": 1, // again\n "a": 2}'),
        ("a.toml", b"a = 1\na = 2"),
        ("a.toml", b"[a]\n[a]"),
        ("a.yaml", b"a: 1\n'a': 1"),
        ("a.yaml", b"1: x\n'1': y"),
        ("a.yaml", b"x: &x {a: 1}\ny:\n  <<: *x\n  <<: *x"),
        ("a.ini", b"[s]\na = 1\na = 2"),
        ("a.ini", b"[s]\na = 1\n[s]\nb = 2"),
        ("/h/.aws/config", b"[default]\nregion = eu\nregion = us"),
        (".npmrc", b"registry=a\nregistry=b"),
        ("a.properties", b"a=1\n\\u0061 = 2"),
        (".env", b"A=1\nexport A=2"),
    ],
)
def test_a_key_that_stands_twice_makes_the_file_unreadable(path: str, data: bytes) -> None:
    with pytest.raises(ParseError, match=r"twice|overwrite"):
        parse(path, data)


DEEP = 10_000
ALIASES = b"a: &a [1,1,1,1,1,1,1,1,1,1]\n" + b"".join(
    b"%c: &%c [%s]\n" % (98 + level, 98 + level, b",".join([b"*%c" % (97 + level)] * 10)) for level in range(8)
)


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("a.json", b"[" * DEEP + b"]" * DEEP),
        ("a.json", b'{"a":' * DEEP + b"1" + b"}" * DEEP),
        ("a.toml", b"a = " + b"[" * DEEP + b"]" * DEEP),
        ("a.toml", b"[" + b".".join([b"a"] * 2000) + b"]"),
        ("a.yaml", b"[" * DEEP + b"]" * DEEP),
        ("a.yaml", b"[" * 1_000_000),
        ("a.yaml", b"- " * 1_000_000),
        ("a.yaml", b"{a: " * 300_000),
        ("a.yaml", ALIASES),
        ("a.yaml", b"a: &a [*a]"),
        ("a.json", b"9" * 5000),
        ("a.toml", b"a = " + b"9" * 5000),
        ("a.yaml", b"a: " + b"9" * 5000),
        ("a.json", b'{"a": NaN}'),
        ("a.json", b"[1e999]"),
        ("a.json", b'["\\ud800"]'),
        ("a.properties", b"a=\\ud800"),
        ("a.yaml", b"a: ! 12"),
        ("a.json", b"[1e-999]"),
        ("a.jsonc", b'{"a": 1} /* open'),
        ("a.jsonc", b'{"a": 1} /*/'),
        ("a.toml", b"a = 0x" + b"f" * 4000),
        ("a.yaml", b"a: 0x" + b"f" * 4000),
        ("a.yaml", b"a: !!python/object/apply:os.system [id]"),
        ("a.yaml", b"a: !Ref b"),
        ("a.yaml", b"? [a]\n: b"),
        ("unknown", b"hello world"),
    ]
    + [(name, b"a = \xff") for name in ("a.json", "a.toml", "a.yaml", "a.ini", ".env", "a.properties", "other")],
)
def test_too_much_or_not_the_format_is_a_fault_and_never_a_crash(path: str, data: bytes) -> None:
    with pytest.raises(ParseError):
        parse(path, data)


def test_yaml_reads_the_core_schema() -> None:
    text = (
        b"a: yes\nb: Off\nc: true\nd: 0777\ne: 0o17\nf: ~\ng: .inf\nh: '1'\ni: 1:30\nj: 2020-01-02\nk: 2020-13-99\n"
        b"l: 2001-12-14t21:59:43Z\n8080: port\nm: &m {x: 1, y: 1}\nn: {<<: *m, y: 2}\no: !!str 7\n"
    )
    found = parse("a.yml", text)
    assert found == {
        "a": "yes", "b": "Off", "c": True, "d": 777, "e": 15, "f": None, "g": math.inf, "h": "1", "i": "1:30",
        "j": date(2020, 1, 2), "k": "2020-13-99", "l": datetime.fromisoformat("2001-12-14T21:59:43+00:00"),
        "8080": "port", "m": {"x": 1, "y": 1}, "n": {"x": 1, "y": 2}, "o": "7",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("path", "data", "value"),
    [
        ("/h/.kube/config", b"current-context: dev", {"current-context": "dev"}),
        (
            "elsewhere",
            b"apiVersion: v1\nkind: Config\ncurrent-context: dev",
            {"apiVersion": "v1", "kind": "Config", "current-context": "dev"},
        ),
        ("elsewhere", b'{"a": 1}', {"a": 1}),
        ("elsewhere", b"[a]\nb = 1", {"a": {"b": 1}}),
        ("a.json", b'\xef\xbb\xbf{"a": 1}\r\n', {"a": 1}),
        ("a.toml", b"\xef\xbb\xbfa = 1\r\n", {"a": 1}),
        ("a.yaml", b"\xef\xbb\xbfa: 1\r\nb: 2\r\n", {"a": 1, "b": 2}),
        ("a.ini", b"\xef\xbb\xbf[s]\r\na = 1\r\n", {"s": {"a": "1"}}),
        ("tsconfig.json", b'{"a": "//", /* c */ "b": [1,],}', {"a": "//", "b": [1]}),
        (
            "/h/.aws/config",
            b"[profile x]\nregion = eu\ns3 =\n  max = 1\n",
            {"profile x": {"region": "eu", "s3": {"max": "1"}}},
        ),
        ("/h/.aws/credentials", b"[x]\naws_secret_access_key = a=b:c#d\n", {"x": {"aws_secret_access_key": "a=b:c#d"}}),
        (
            ".npmrc",
            b'registry=https://r/ ; c\n//r/:_authToken="t"\nca[]=1\nca[]=2\nbare',
            {"registry": "https://r/", "//r/:_authToken": "t", "ca": ["1", "2"], "bare": True},
        ),
        ("a.cfg", b"top = 0\n[s]\nlist =\n  a\n  b\na.b: c\n", {"top": "0", "s": {"list": "\na\nb", "a.b": "c"}}),
        (
            "a.properties",
            b"a.b=c\nx : y\nlong = a\\\n   b\n! c\nk v w",
            {"a.b": "c", "x": "y", "long": "ab", "k": "v w"},
        ),
        (
            ".env.local",
            b"export A=1 # c\nB='a\n b'\nC=\"x\\ny$Z\\$\"\nD=\nE=a#b\r\n",
            {"A": "1", "B": "a\n b", "C": "x\ny$Z$", "D": "", "E": "a#b"},
        ),
    ],
)
def test_each_format(path: str, data: bytes, value: Value) -> None:
    assert parse(path, data) == value


ODD = (
    "",
    "\0",
    "{",
    "[",
    "[a]",
    "a",
    "a = 1",
    "a: 1",
    '"',
    "'",
    "\\",
    "machine",
    "=",
    ";",
    "é",
    "[" * 5000,
    "a\nb = [\n",
)


@pytest.mark.parametrize("name", FORMATS)
def test_what_every_format_promises(name: str) -> None:
    kind, row = get_format(name), FORMATS[name]
    for text in ODD:
        with suppress(ParseError, RecursionError):
            kind.parse(text)
        with suppress(ParseError, RecursionError):
            assert kind.place is None or kind.place(text, ["a"]) in (None, (1, 1), (2, 1))
        assert line_of(f"x/{row.names[0].replace('*', 'a')}", text, [Member("a")]) in (None, (1, 1))
        assert not row.content or load(row.content, "keybound.sources.formats")(text) in (parses(name, text), False)
    for each in row.names:
        assert format_by_name(f"/home/{each.replace('*', 'x')}") == name
        assert max(re.split(r"[*/]", each), key=len) in (DOCS / "keys.md").read_text()


def test_the_closest_name_counts() -> None:
    names = {".env.json": "dotenv", "tsconfig.base.json": "jsonc", ".vscode/a.json": "jsonc", "a.json": "json", "config": "",
             ".aws/config": "aws", "aws/config": "", "/.kube/config": "yaml", "x_netrc": "", "prod.env": "dotenv"}  # fmt: skip
    assert {path: format_by_name(path) for path in names} == names


def test_a_fault_names_its_line() -> None:
    for path, data in (
        ("a.ini", b"[s]\n\nnonsense\n"),
        (".env", b"A=1\n\n=x"),
        ("a.json", b'{\n"a": 1\n"b": 2}'),
        ("a.yaml", b"a: 1\nb: 2\na: 3"),
    ):
        with pytest.raises(ParseError) as caught:
            parse(path, data)
        assert caught.value.line == 3, path
