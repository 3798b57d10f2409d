"""Secrets and profiles as they really come: line ends, byte order marks, list elements, claims that are no time."""

import base64
import json
import time
from pathlib import Path

import pytest

from support.staging import REST, Run, furnish

PEM = b"-----BEGIN KEY-----\nabcdefgh\n-----END KEY-----\n"
GIVEN = {
    "lf": (b"ghp_abc\n", b"ghp_abc"),
    "crlf": (b"ghp_abc\r\n", b"ghp_abc"),
    "cr": (b"ghp_abc\r", b"ghp_abc"),
    "none": (b"ghp_abc", b"ghp_abc"),
    "blank-inside": (b"pass word \n", b"pass word "),
    "several": (PEM, PEM),
    "several-crlf": (PEM.replace(b"\n", b"\r\n"), PEM.replace(b"\n", b"\r\n")),
    "several-open": (PEM[:-1], PEM[:-1]),
}


@pytest.mark.parametrize("name", GIVEN)
def test_of_one_line_its_end_goes_of_several_nothing(keybound: Run, tmp_path: Path, name: str) -> None:
    given, kept = GIVEN[name]
    assert keybound("init").returncode == 0
    assert keybound("add", "default/t", "--env", "T_TOK", given=given).returncode == 0
    assert keybound("exec", "--", "sh", "-c", f'printf %s "$T_TOK" > {tmp_path}/out').returncode == 0
    assert (tmp_path / "out").read_bytes() == kept
    assert keybound("refresh", "default/t", given=given).returncode == 0
    assert keybound("exec", "--", "sh", "-c", f'printf %s "$T_TOK" > {tmp_path}/out').returncode == 0
    assert (tmp_path / "out").read_bytes() == kept


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_profile_keeps_its_mark_and_its_line_ends(
    keybound: Run, profiles: Path, home: Path, mark: str, end: str
) -> None:
    furnish(keybound, profiles, home)
    path = profiles / "staging.toml"
    path.write_bytes((mark + path.read_text().replace("\n", end)).encode())
    time.sleep(REST)
    assert json.loads(keybound("list", "--json").stdout)[0]["state"] == "active"
    for act in (
        ("profile", "set", "staging", "settings.new.deep", "1", "--yes"),
        ("add", "staging/second", "--env", "SECOND"),
        ("bind", "staging/second", "flags.beta_writes", "equals=false"),
        ("profile", "unset", "staging", "settings.new", "--yes"),
        ("remove", "staging/second", "--yes"),
    ):
        done = keybound(*act, given=b"x\n")
        assert done.returncode == 0, (act, done.stderr)
        data = path.read_bytes().decode()
        assert data.startswith(mark or "schema")
        assert data.count("\ufeff") == len(mark)
        assert data.count("\n") == data.count(end), act
    broken = path.read_text().replace("schema = 1", "schema = ", 1)
    path.write_text(broken)
    assert "staging.toml:1:" in keybound("list").stderr.decode()


@pytest.mark.parametrize(
    ("act", "key", "value", "wanted"),
    [
        ("set", "settings.hosts[1]", "x", {"hosts": ["a", "x", "c"]}),
        ("set", "settings.hosts[3]", "x", None),
        ("unset", "settings.hosts[0]", "", {"hosts": ["b", "c"]}),
        ("unset", "settings.hosts[9]", "", None),
        (
            "set",
            "settings.servers[name=eu].port",
            "3",
            {"servers": [{"name": "eu", "port": 3}, {"name": "us", "port": 2}]},
        ),
        ("set", "settings.servers[name=asia].port", "3", None),
        ("unset", "settings.servers[1]", "", {"servers": [{"name": "eu", "port": 1}]}),
        ("set", "settings.nothing[0]", "x", None),
        ("set", "settings.text[0]", "x", None),
    ],
)
def test_an_element_of_a_list(
    keybound: Run, profiles: Path, act: str, key: str, value: str, wanted: dict[str, object] | None
) -> None:
    import tomllib

    assert keybound("init").returncode == 0
    path = profiles / "default.toml"
    text = (
        'schema = 1\n[settings]\ntext = "t"\nhosts = ["a", "b", "c"]  # kept\n'
        'servers = [{ name = "eu", port = 1 }, { name = "us", port = 2 }]\n'
    )
    path.write_text(text)
    done = keybound("profile", act, "default", key, *([value] if value else []), "--yes")
    if wanted is None:
        assert done.returncode in (2, 4), done.stderr
        assert path.read_text() == text
        assert b"Traceback" not in done.stderr
        return
    assert done.returncode == 0, done.stderr
    before = tomllib.loads(text)["settings"]
    assert tomllib.loads(path.read_text())["settings"] == {**before, **wanted}
    assert "# kept" in path.read_text()


def jwt(claims: object) -> bytes:
    parts = [base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=") for one in ({"alg": "HS256"}, claims)]
    return b".".join([*parts, b"c2ln"])


@pytest.mark.parametrize("claim", ["exp", "nbf", "iat"])
@pytest.mark.parametrize("value", [1598106400000, "1598106400", True, None, [], 1e300])
def test_a_claim_that_is_no_time_suspends(keybound: Run, claim: str, value: object) -> None:
    assert keybound("init").returncode == 0
    assert keybound("add", "default/j", "--env", "J", "--kind", "jwt", given=jwt({claim: value})).returncode == 0
    (row,) = json.loads(keybound("list", "--json").stdout)
    assert row["state"] == "suspended"
    assert f"its claim {claim} is" in row["findings"][0]["message"]
    assert keybound("exec", "--", "true").returncode == 1
    assert keybound("refresh", "default/j", given=jwt({"exp": 4102444800})).returncode == 0
    (row,) = json.loads(keybound("list", "--json").stdout)
    assert row["state"] == "active"


def test_two_that_would_set_one_variable_are_an_error_with_both_lines(keybound: Run, profiles: Path) -> None:
    assert keybound("init").returncode == 0
    path = profiles / "default.toml"
    for text, lines in (
        ('[tokens.a]\nenv = "ONE"\n[tokens.b]\nenv = ["TWO", "ONE"]\n', (5, 3)),
        ('[env]\nONE = "x"\n[tokens.b]\nenv = "ONE"\n', (5, 3)),
    ):
        path.write_text(f"schema = 1\n{text}")
        said = keybound("list").stderr.decode()
        assert f"default.toml:{lines[0]}:1: tokens.b.env: ONE is also set by" in said, said
        assert f"default.toml:{lines[1]}:1)" in said
        assert keybound("add", "default/c", "--env", "ONE", given=b"x\n").returncode == 2
    path.write_text('schema = 1\n[tokens.a]\nenv = "ONE"\n')
    before = path.read_text()
    assert keybound("add", "default/c", "--env", "ONE", given=b"x\n").returncode == 2
    assert path.read_text() == before


def test_a_line_is_found_by_the_format_that_is_given(keybound: Run, profiles: Path, home: Path) -> None:
    assert keybound("init").returncode == 0
    (home / "settings").write_text("note = x\\\n  a = 0\na=1\n")
    (profiles / "default.toml").write_text(
        'schema = 1\n[files]\nprops = { path = "~/settings", format = "properties" }\n'
        '[tokens.a]\nenv = "ONE"\n[tokens.a.bound]\n"file:props#a" = { equals = "2", outside = "warn" }\n'
    )
    time.sleep(REST)
    assert keybound("add", "default/a", "--yes", given=b"x\n").returncode == 0
    assert "settings:3" in keybound("why", "default/a").stdout.decode()


def test_files_with_a_format_of_their_own(keybound: Run, profiles: Path, home: Path) -> None:
    assert keybound("init").returncode == 0
    (home / "settings").write_text("a=1\n")
    (home / "config").write_text("[default]\nregion = eu-west-1\n[profile dev]\nregion = us-east-1\n")
    (home / "plain.json").write_text('{\n  // a comment\n  "a": 1,\n}\n')
    (profiles / "default.toml").write_text(
        'schema = 1\n[files]\nprops = { path = "~/settings", format = "properties" }\n'
        'aws = "~/config"\njson = "~/plain.json"\n'
        '[tokens.a]\nenv = "ONE"\n[tokens.a.bound]\n"file:props#a" = { equals = "1" }\n'
        '"file:aws#\'profile dev\'.region" = { equals = "us-east-1" }\n'
        '"file:json#a" = { equals = 1 }\n'
    )
    time.sleep(REST)
    done = keybound("add", "default/a", given=b"x\n")
    assert done.returncode == 0, done.stderr
    assert json.loads(keybound("list", "--json").stdout)[0]["state"] == "active"
    path = profiles / "default.toml"
    path.write_text(path.read_text().replace('"properties"', '"dotenv"'))
    time.sleep(REST)
    assert json.loads(keybound("list", "--json").stdout)[0]["state"] == "unapproved"
    path.write_text(path.read_text().replace('"dotenv"', '"word"'))
    assert "'word' is not a format" in keybound("list").stderr.decode()
    done = keybound("file", "app", str(home / "settings"), "--format", "ini", "--profile", "default")
    assert done.returncode == 2  # the profile is broken
    path.write_text(path.read_text().replace('"word"', '"properties"'))
    done = keybound("file", "app", str(home / "settings"), "--format", "ini", "--profile", "default")
    assert done.returncode == 0, done.stderr
