"""What credential helpers are asked and answer, templates, config.toml, policy, and what scenarios miss."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone

import pytest

from keybound.custody.evaluation.rule_tools import TOOLS
from keybound.domain.errors import BadInputError
from keybound.domain.guard.scenario import Miss, misses
from keybound.domain.profile.config import Config, UseRule, config_of, plain_remote
from keybound.domain.profile.definition import Profile
from keybound.domain.profile.inherit import effective
from keybound.domain.profile.policy import owners_of, policy_of, violations
from keybound.domain.profile.shapes import TableError
from keybound.domain.text.credential_forms import (
    answers_host,
    aws_answer,
    aws_time,
    docker_answer,
    docker_host,
    git_answer,
    git_question,
)
from keybound.domain.text.secret import Secret
from keybound.domain.text.template import filled, places
from keybound.domain.values.readings import Value
from keybound.domain.verdict.states import Reaction, State

NOW = datetime(2026, 5, 17, 12, tzinfo=UTC)
Table = dict[str, Value]


def test_gits_question() -> None:
    assert git_question(b"protocol=https\nhost=a=b\nempty=\n\nignored\n") == {
        "protocol": "https", "host": "a=b", "empty": "",
    }  # fmt: skip
    assert git_question(b"capability[]=authtype\ncapability[]=state\nhost=h\nwwwauth[]=A\nwwwauth[]=B\n") == {
        "host": "h"
    }
    assert git_question(b"a=\xff") == {"a": "\udcff"}
    assert git_question(b"a=" + b"x" * 65_534) == {"a": "x" * 65_534}
    for data in (b"a\0=b", b"a=b\r\n", b"a=" + b"x" * 65_535):
        with pytest.raises(BadInputError) as fault:
            git_question(data)
        assert fault.value.what == "not a request from git: it contains control characters or is too long"
    for data in (b"a", b"a=1\na=2\n"):
        with pytest.raises(BadInputError) as fault:
            git_question(data)
        assert fault.value.what == "not a request from git: expected key=value lines, each key once"


@pytest.mark.parametrize(
    ("question", "answers"),
    [
        ({"protocol": "https", "host": "Git.Example.com"}, True),
        ({"protocol": "http", "host": "git.example.com"}, False),
        ({"protocol": "https", "host": "example.com"}, False),
        ({"protocol": "https"}, False),
        ({"host": "git.example.com"}, False),
        ({}, False),
    ],
)
def test_only_declared_hosts_over_tls(question: dict[str, str], answers: bool) -> None:
    assert answers_host(question, ["GIT.example.com"]) is answers


def test_gits_answer() -> None:
    assert git_answer("é", Secret("sX")) == "username=é\npassword=sX\n".encode()
    for secret in (b"a\nb", b"a\rb", b"a\0b"):
        with pytest.raises(BadInputError) as fault:
            git_answer("u", Secret(secret))
        assert fault.value.what == "the secret contains a line break, which git's protocol cannot carry"


@pytest.mark.parametrize(
    ("data", "host"),
    [
        (b"https://u@Registry.Example.com:5000/v2/\n", "registry.example.com:5000"),
        (b"ghcr.io", "ghcr.io"),
        (b"ghcr.io/a@b/c", "ghcr.io"),
    ],
)
def test_dockers_question(data: bytes, host: str) -> None:
    assert docker_host(data) == host
    assert docker_host(b"a" * 65_536) == "a" * 65_536


@pytest.mark.parametrize("data", [b"", b" \n", b"a b", b"a\x1bb", b"a" * 65_537])
def test_what_is_no_registry(data: bytes) -> None:
    with pytest.raises(BadInputError) as fault:
        docker_host(data)
    assert fault.value.what == "not a registry's address"


def test_a_registry_without_tls() -> None:
    with pytest.raises(BadInputError) as fault:
        docker_host(b"http://a/")
    assert (fault.value.what, fault.value.where) == ("addresses without TLS are not answered", "http://a/")


def test_answers_in_json() -> None:
    assert docker_answer(b" https://a/\n", "u", Secret("s")) == (
        b'{"ServerURL": "https://a/", "Username": "u", "Secret": "s"}\n'
    )
    assert b"\\ufffd" in docker_answer(b"\xff", "u", Secret("s"))
    assert aws_answer(Secret("k"), Secret("s"), None, "") == (
        b'{"Version": 1, "AccessKeyId": "k", "SecretAccessKey": "s"}\n'
    )
    assert json.loads(aws_answer(Secret("k"), Secret("s"), Secret("t"), "soon")) == {
        "Version": 1, "AccessKeyId": "k", "SecretAccessKey": "s", "SessionToken": "t", "Expiration": "soon",
    }  # fmt: skip
    assert aws_time(datetime(2026, 5, 17, 12, 0, 59, 999_999, timezone(timedelta(hours=2)))) == "2026-05-17T10:00:59Z"
    with pytest.raises(BadInputError) as fault:
        docker_answer(b"a", "u", Secret(b"\xff"))
    assert fault.value.what == "the secret is not UTF-8, so JSON cannot hold it"


def test_templates() -> None:
    text = b"a={{ one }}\n{{{{ {{two}}{{ \n one }}{x}"
    secrets = {"one": Secret(b"\xff"), "two": Secret("{{ one }}")}
    assert places(text) == {"one", "two"}
    assert places(b"{{ \xff }}") == {"\ufffd"}
    assert filled(text, secrets, "f") == b"a=\xff\n{{ {{ one }}\xff{x}"
    with pytest.raises(BadInputError) as fault:
        filled(b"\n{{ one }}\n{{ \xff }}", secrets, "f")
    assert (fault.value.what, fault.value.where) == ("{{ \ufffd }} is not a token that can be released here", "f:3")
    assert fault.value.hint == "Available: one, two."
    with pytest.raises(BadInputError) as fault:
        filled(b"{{ a }}\n", {}, "f")
    assert (fault.value.where, fault.value.hint) == ("f:1", "Available: none.")


@pytest.mark.parametrize(
    ("table", "config"),
    [
        ({}, Config("", "normal", ())),
        ({"schema": 1, "keyring": "a.B", "hook": {"say": "quiet"}}, Config("a.B", "quiet", ())),
        (
            {"use": [{"profile": "p", "folder": "~/x"}, {"profile": "q", "remote": "github.com/a/*"}]},
            Config("", "normal", (UseRule("p", "~/x", ""), UseRule("q", "", "github.com/a/*"))),
        ),
    ],
)
def test_config(table: Table, config: Config) -> None:
    assert config_of(table) == config


@pytest.mark.parametrize(
    ("table", "at", "what"),
    [
        (
            {"use": [{"profile": "P", "folder": "x"}]},
            "use.0.profile",
            "'P' is not a valid profile name (a-z 0-9 . _ -)",
        ),
        ({"use": [{"profile": 1, "folder": "x"}]}, "use.0.profile", "1 is not a valid profile name (a-z 0-9 . _ -)"),
        ({"use": [{"profile": "p"}]}, "use.0", "a rule has either a folder or a remote"),
        (
            {"use": [{"profile": "p", "folder": "x", "remote": "y"}]},
            "use.0",
            "a rule has either a folder or a remote",
        ),
        ({"use": [{"folder": "x"}]}, "use.0", "profile is missing"),
        ({"use": [1]}, "use.0", "must be a table"),
        ({"hook": {"say": "loud"}}, "hook.say", "'loud' is not what the hook says"),
        ({"schema": 2}, "schema", "this version supports only schema 1"),
    ],
)
def test_what_is_wrong_in_config_is_said(table: Table, at: str, what: str) -> None:
    with pytest.raises(TableError) as fault:
        config_of(table)
    assert (".".join(fault.value.keypath), fault.value.what) == (at, what)


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("https://user:pw@GitHub.com:443/a/b.git", "github.com/a/b"),
        ("ssh://git@github.com/a/b/", "github.com/a/b"),
        (" git@github.com:a/b.git\n", "github.com/a/b"),
        ("github.com:a:b", "github.com/a:b"),
        ("host", "host"),
        ("https://host/X/a/X", "host/X/a/X"),
        ("https://u@x@host/p", "host/p"),
    ],
)
def test_remotes(url: str, plain: str) -> None:
    assert plain_remote(url) == plain


def profile_of(token: Table, **more: Value) -> Profile:
    table: Table = {"tokens": {"t": {"env": "T", **token}}, **more}
    return effective(["prod"], ["/prod.toml"], [table])


def test_policy_is_what_it_says() -> None:
    table: Table = {"variables": ["PATH"], "outside": "warn", "profiles": {"prod*": {"owners": ["a", "b"]}}}
    policy = policy_of({**table, "profiles": {"*": {"owners": ["b", "c"]}, **table["profiles"]}})  # type: ignore[dict-item]
    assert (policy.variables, policy.outside) == (frozenset({"PATH"}), Reaction.WARN)
    assert (policy_of({}).variables, policy_of({}).outside) == (frozenset(), Reaction.EXPIRE)
    assert owners_of(policy, "prod") == ("b", "c", "a")
    assert owners_of(policy, "x") == ("b", "c")


BIND: Table = {"bound": {"flags.a": {"equals": 1, "outside": "warn"}, "env:X": {"equals": "a"}}}


@pytest.mark.parametrize(
    ("rules", "token", "told"),
    [
        ({"owners_required": True}, {}, [("owners_required", "", "it has no owner", "tokens")]),
        (
            {"kinds": {"*": {"longest_ttl": "1d"}}},
            {},
            [
                (
                    "longest_ttl",
                    "t",
                    "it has neither ttl nor expires, and a token of kind opaque may last at most 1d",
                    "tokens.t",
                )
            ],
        ),
        (
            {"kinds": {"*": {"longest_ttl": "1d"}}},
            {"ttl": "2d"},
            [("longest_ttl", "t", "its ttl is 2d, and a token of kind opaque may last at most 1d", "tokens.t.ttl")],
        ),
        ({"kinds": {"*": {"longest_ttl": "1d"}}}, {"expires": NOW + timedelta(days=1)}, []),
        (
            {"kinds": {"*": {"longest_ttl": "1d"}}},
            {"expires": NOW + timedelta(days=2)},
            [
                (
                    "longest_ttl",
                    "t",
                    "it expires on 2026-05-19, and a token of kind opaque may last at most 1d",
                    "tokens.t.expires",
                )
            ],
        ),
        (
            {"kinds": {"*": {"scopes_declared": True}}},
            {},
            [("scopes_declared", "t", "a token of kind opaque must declare its scopes", "tokens.t")],
        ),
        (
            {"kinds": {"*": {"bound_to": ["settings.x"]}}},
            BIND,
            [("bound_to", "t", "a token of kind opaque must be bound to settings.x", "tokens.t.bound")],
        ),
        (
            {"kinds": {"*": {"forbidden_scopes": ["a:*"]}}},
            {"scopes": ["a:b", "c"]},
            [("forbidden_scopes", "t", "the scope a:b is forbidden here (a:*)", "tokens.t.scopes")],
        ),
        (
            {"profiles": {"*": {"release": ["exec"]}}},
            {"release": ["shell", "exec", "copy"]},
            [("release", "t", "it may not be released by copy, shell here", "tokens.t.release")],
        ),
        (
            {"profiles": {"*": {"least_reaction": "expire"}}},
            {**BIND, "outside": "suspend"},
            [
                ("least_reaction", "t", "outside is suspend, and must be at least expire", "tokens.t.outside"),
                (
                    "least_reaction",
                    "t",
                    "the reaction of flags.a is warn, and must be at least expire",
                    "tokens.t.bound.flags.a",
                ),
            ],
        ),
        (
            {"profiles": {"*": {"least_reaction": "suspend"}}},
            {"bound": {"flags.a": {"equals": 1, "grace": "1h"}}},
            [("least_reaction", "t", "flags.a has a grace, which is not allowed", "tokens.t.bound.flags.a")],
        ),
        ({"profiles": {"*": {"least_reaction": "warn"}}}, {"bound": {"flags.a": {"equals": 1, "grace": "1h"}}}, []),
    ],
)
def test_violations_are_said_at_their_place(rules: Table, token: Table, told: list[tuple[str, ...]]) -> None:
    found = violations(policy_of(rules), profile_of(token), NOW)
    assert [one[:5] for one in found] == [
        (rule, "prod", name, what, tuple(at.split(".", 3 if "bound." in at else -1))) for rule, name, what, at in told
    ]
    for one in found:  # the rule stands where it is said to stand
        written: object = rules
        for step in one.written:
            assert isinstance(written, Mapping)
            written = written[step]


def test_misses_say_what_came_out_and_why() -> None:
    expects: list[Value] = [
        {"when": {}, "then": {"nobody": "active", "t": "expired"}},
        {"when": {"flags.a": True}, "then": {"t": "active"}},
        {"when": {"flags.a": {"unreadable": True}}, "then": {"t": "active"}},
        {"when": {"file:f": {"changed": True}}, "then": {"t": "active"}},
        {"when": {"file:f": {"absent": True}}, "then": {"t": "active"}},
        {"when": {"settings.x[0]": 1}, "then": {"t": "missing"}},
    ]
    token: Table = {
        "bound": {
            "flags.a": {"equals": False},
            "settings.p": {"matches": "a.*"},
            "file:f": {"unchanged": True, "outside": "suspend"},
        }
    }
    profile = profile_of(token, expect=expects, flags={"a": False}, settings={"p": "ab"}, files={"f": "/f"})
    assert list(misses(profile, TOOLS, NOW)) == [
        Miss(0, "nobody", State.ACTIVE, None, "the profile has no token nobody"),
        Miss(0, "t", State.EXPIRED, State.ACTIVE, ""),
        Miss(1, "t", State.ACTIVE, State.EXPIRED, "flags.a is true, bound to false"),
        Miss(2, "t", State.ACTIVE, State.SUSPENDED, "flags.a cannot be read: supposed"),
        Miss(3, "t", State.ACTIVE, State.SUSPENDED, "file:f is 0600 · supp…, bound to unchanged"),
        Miss(4, "t", State.ACTIVE, State.SUSPENDED, "file:f is absent, bound to unchanged"),
        Miss(5, "t", State.MISSING, State.ACTIVE, ""),
    ]
