"""From tables to the effective definition: everything that can be written, and what is said about what cannot."""

from datetime import UTC, datetime

import pytest

from keybound.domain.profile.definition import Binding, Command, Expectation, Revocation
from keybound.domain.profile.inherit import absolute, effective, merge, prepare
from keybound.domain.profile.schema import check_table
from keybound.domain.profile.shapes import TableError, as_table, texts_of
from keybound.domain.rules.base import Rule
from keybound.domain.seal.seal import (
    definition_digest,
    definition_record,
    differences,
    env_digest,
    from_text,
    grants_digest,
    to_text,
)
from keybound.domain.tool_keys import TOOLS
from keybound.domain.values.keys import parse_key
from keybound.domain.values.names import TokenId
from keybound.domain.values.readings import Value
from keybound.domain.verdict.states import Reaction, State

Table = dict[str, Value]
END = datetime(2027, 1, 31, tzinfo=UTC)
PARENT: Table = {
    "schema": 1,
    "description": "the parent",
    "settings": {"region": "eu", "api": {"url": "a", "port": 1}},
    "flags": {"x": True},
    "roles": {"active": ["reader"], "grants": {"reader": ["repo:read"]}},
    "env": {"A": "1", "B": "2"},
    "files": {"kube": "~/kube", "own": "own.toml", "abs": "/abs"},
    "tokens": {
        "full": {
            "env": ["T", "U"],
            "kind": "github",
            "scopes": ["repo:read"],
            "expires": END,
            "outside": "suspend",
            "grace": "5m",
            "release": ["shell", "exec"],
            "callers": ["terraform"],
            "refresh": {
                "command": ["./mint", "x"],
                "before": "7d",
                "timeout": "5s",
                "inputs": ["PW"],
                "multiline": True,
            },
            "revoke": {"command": "./revoke"},
            "wipe": True,
            "bound": {
                "flags.x": {"equals": True, "outside": "expire", "inside": "warn", "grace": "10m"},
                "settings.region": {"one_of": ["eu"], "exists": True},
                "file:kube": {"unchanged": True, "outside": "expire"},
                "env:W": {"equals": "w", "outside": "expire"},
            },
        },
        "plain": {"env": "P", "ttl": "30d"},
    },
    "expect": [{"when": {"flags.x": False}, "then": {"full": "suspended"}}],
}
CHILD: Table = {
    "extends": "parent",
    "settings": {"api": {"port": 2}},
    "env": {"B": "3"},
    "tokens": {"plain": {"kind": "opaque"}, "own": {"env": "O"}},
    "expect": [{"when": {}, "then": {"own": "active"}}],
}

SOURCES = f"Known: file, env, cwd, here, git, {', '.join(TOOLS)}."


def test_everything_that_can_be_written() -> None:
    check_table(PARENT)
    profile = effective(["p"], ["/conf/p.toml"], [prepare(PARENT, "/conf", "/home/u/")])
    assert (profile.name, profile.lineage, profile.path, profile.extends) == ("p", ("p",), "/conf/p.toml", "")
    assert profile.description == "the parent"
    assert profile.active_roles == ("reader",)
    assert profile.grants == {"reader": ("repo:read",)}
    assert profile.env == {"A": "1", "B": "2"}
    assert profile.files == {"kube": "/home/u/kube", "own": "/conf/own.toml", "abs": "/abs"}
    assert set(profile.data) == {"settings", "flags", "roles", "env", "files"}
    assert profile.data["env"] == {"A": "1", "B": "2"}
    assert profile.data["files"] == profile.files
    assert profile.expectations == (Expectation({"flags.x": False}, {"full": State.SUSPENDED}),)
    assert profile.outside is Reaction.EXPIRE
    full = profile.tokens["full"]
    assert full._replace(bindings=(), table={}) == full.__class__(
        id=TokenId("p", "full"),
        env=("T", "U"),
        kind="github",
        scopes=("repo:read",),
        expires=END,
        ttl=None,
        outside=Reaction.SUSPEND,
        release=frozenset({"exec"}),
        callers=("terraform",),
        refresh=Command(("./mint", "x"), "/conf", 604_800, 5, ("PW",), True),
        oauth=None,
        revoke=Revocation(Command(("./revoke",), "/conf", None, 30, (), False)),
        overlap=0,
        wipe=True,
        bindings=(),
        inherited=False,
        table={},
    )
    expire, suspend, warn, ignore = Reaction.EXPIRE, Reaction.SUSPEND, Reaction.WARN, Reaction.IGNORE
    assert full.bindings == (
        Binding(parse_key("flags.x"), (Rule("equals", True),), expire, warn, 600),
        Binding(parse_key("settings.region"), (Rule("one_of", ["eu"]), Rule("exists", True)), suspend, ignore, 0),
        Binding(parse_key("file:kube"), (Rule("unchanged", True),), expire, ignore, 300),
        Binding(parse_key("env:W"), (Rule("equals", "w"),), suspend, ignore, 0),
    )
    assert [one.keeps_baseline for one in full.bindings] == [True, False, True, False]
    plain = profile.tokens["plain"]
    assert (plain.kind, plain.ttl, plain.expires, plain.wipe, plain.refresh) == ("opaque", 2_592_000, None, False, None)
    assert plain.release == {"shell", "exec", "copy", "reveal"}
    assert (plain.scopes, plain.callers, plain.outside) == ((), (), Reaction.EXPIRE)


def test_a_child_has_what_it_says_and_the_rest_of_its_parent() -> None:
    tables = [prepare(CHILD, "/c", "/h"), prepare(PARENT, "/p", "/h")]
    profile = effective(["c", "p"], ["/c/c.toml", "/p/p.toml"], tables, Reaction.WARN)
    assert (profile.extends, profile.path, profile.description) == ("p", "/c/c.toml", "")
    assert profile.data["settings"] == {"region": "eu", "api": {"url": "a", "port": 2}}
    assert profile.env == {"A": "1", "B": "3"}
    assert profile.files["own"] == "/p/own.toml"
    assert [one.then for one in profile.expectations] == [{"own": State.ACTIVE}]
    assert {name: token.inherited for name, token in profile.tokens.items()} == {
        "full": True, "plain": False, "own": False,
    }  # fmt: skip
    assert profile.tokens["full"].id == TokenId("c", "full")
    assert profile.tokens["plain"].env == ("P",)
    assert profile.tokens["own"].outside is profile.outside is Reaction.WARN
    assert profile.tokens["full"].refresh is not None
    assert profile.tokens["full"].refresh.folder == "/p"


def test_a_profile_of_nothing() -> None:
    profile = effective(["p"], ["/p.toml"], [{}])
    assert (profile.tokens, profile.env, profile.files, profile.expectations) == ({}, {}, {}, ())
    assert (profile.grants, profile.active_roles, profile.description) == (None, (), "")
    assert profile.data == {"settings": {}, "flags": {}, "roles": {}, "env": {}, "files": {}}


def test_merging_and_paths() -> None:
    assert merge({"a": {"b": 1, "c": 2}, "d": [1]}, {"a": {"b": 3}, "d": [2]}) == {"a": {"b": 3, "c": 2}, "d": [2]}
    assert merge({"a": 1}, {"a": {"b": 2}}) == {"a": {"b": 2}}
    assert merge({"a": {"b": 2}}, {"a": 1}) == {"a": 1}
    assert absolute("~/x", "/f", "/home/X/") == "/home/X/x"
    assert absolute("x", "/f/X/", "/home") == "/f/X/x"
    assert absolute("x", "/f", "/home") == "/f/x"
    assert absolute("~x", "/f", "/home") == "/f/~x"


_BRACKETS = "must be a list, in brackets"
_TEXTS = "must be a list of texts in quotes"
_QUOTES = "must be text in quotes"
_KNOWN = "Known: ignore, warn, suspend, refresh, expire."
_ZONE = "must be a date and time with a zone, as in 2027-01-31T00:00:00Z"
_DATE = "must be a date or a date and time, without quotes"
_SPAN = "Write a number followed by s, m, h, d or w, such as 30d."


def bound(rules: Value) -> Table:
    return {"tokens": {"t": {"env": "T", "bound": {"flags.a": rules}}}}


@pytest.mark.parametrize(
    ("table", "at", "what", "hint"),
    [
        ({"flagz": {}}, "flagz", "unknown key 'flagz'", "Did you mean flags?"),
        ({"fla": {}}, "fla", "unknown key 'fla'", "Did you mean flags?"),
        ({"roles": {"a": 1}}, "roles.a", "unknown key 'a'", "Known keys: active, grants."),
        ({"flags": 1}, "flags", "must be a table", ""),
        ({"flags": {"a": 1}}, "flags.a", "a flag is true or false", ""),
        ({"schema": 2}, "schema", "this version supports only schema 1", ""),
        ({"schema": True}, "schema", "this version supports only schema 1", ""),
        ({"description": 1}, "description", _QUOTES, ""),
        ({"extends": []}, "extends", _QUOTES, ""),
        ({"env": {"A": 1}}, "env.A", _QUOTES, ""),
        ({"env": {"1": "a"}}, "env.1", "'1' is not a valid variable name (A-Z a-z 0-9 _, no digit first)", ""),
        ({"files": {"A": "a"}}, "files.A", "'A' is not a valid file name (a-z 0-9 . _ -)", ""),
        ({"files": {"a": ""}}, "files.a", "not a path", ""),
        ({"files": {"a": "x\0"}}, "files.a", "not a path", ""),
        ({"files": {"a": 1}}, "files.a", _QUOTES, ""),
        ({"roles": {"active": "a"}}, "roles.active", _BRACKETS, ""),
        ({"roles": {"active": [1]}}, "roles.active", _TEXTS, ""),
        ({"roles": {"active": 1}}, "roles.active", _TEXTS, ""),
        ({"roles": {"grants": {"a": ["b", 1]}}}, "roles.grants.a", _TEXTS, ""),
        ({"tokens": {"T": {}}}, "tokens.T", "'T' is not a valid token name (a-z 0-9 . _ -)", ""),
        ({"tokens": {"t": {"env": 1}}}, "tokens.t.env", _TEXTS, ""),
        (
            {"tokens": {"t": {"env": ["1"]}}},
            "tokens.t.env",
            "'1' is not a valid variable name (A-Z a-z 0-9 _, no digit first)",
            "",
        ),
        ({"tokens": {"t": {"outside": "die"}}}, "tokens.t.outside", "'die' is not a reaction", _KNOWN),
        ({"tokens": {"t": {"ttl": "soon"}}}, "tokens.t.ttl", "'soon' is not a duration", _SPAN),
        ({"tokens": {"t": {"ttl": 5}}}, "tokens.t.ttl", _QUOTES, ""),
        ({"tokens": {"t": {"wipe": 1}}}, "tokens.t.wipe", "must be true or false", ""),
        ({"tokens": {"t": {"expires": "x"}}}, "tokens.t.expires", _DATE, "For example 2027-01-31."),
        ({"tokens": {"t": {"expires": 2027}}}, "tokens.t.expires", _DATE, "For example 2027-01-31."),
        (
            {"tokens": {"t": {"expires": END, "ttl": "1d"}}},
            "tokens.t.ttl",
            "a token has either expires or ttl, not both",
            "",
        ),
        (
            {"tokens": {"t": {"release": ["post"]}}},
            "tokens.t.release",
            "'post' is not a way of release",
            "Known: copy, exec, reveal, shell.",
        ),
        ({"tokens": {"t": {"refresh": {"before": "7d"}}}}, "tokens.t.refresh", "needs either command or oauth", ""),
        (
            {"tokens": {"t": {"refresh": {"command": []}}}},
            "tokens.t.refresh.command",
            "must be a list of the program and its arguments",
            "",
        ),
        (
            {"tokens": {"t": {"refresh": {"command": ""}}}},
            "tokens.t.refresh.command",
            "must be a list of the program and its arguments",
            "",
        ),
        ({"tokens": {"t": {"refresh": {"command": 1}}}}, "tokens.t.refresh.command", _TEXTS, ""),
        (bound(1), "tokens.t.bound.flags.a", "must be a table", ""),
        (bound({}), "tokens.t.bound.flags.a", "a boundary needs a rule", "For example { equals = true }."),
        (
            bound({"outside": "warn"}),
            "tokens.t.bound.flags.a",
            "a boundary needs a rule",
            "For example { equals = true }.",
        ),
        (bound({"eq": 1}), "tokens.t.bound.flags.a.eq", "unknown rule eq", ""),
        (bound({"one_of": 1}), "tokens.t.bound.flags.a.one_of", "one_of takes a list", ""),
        (
            bound({"equals": 1, "inside": "expire"}),
            "tokens.t.bound.flags.a.inside",
            "'expire' is not what inside takes",
            "Known: ignore, warn.",
        ),
        (bound({"equals": 1, "grace": "x"}), "tokens.t.bound.flags.a.grace", "'x' is not a duration", _SPAN),
        (
            {"tokens": {"t": {"bound": {"x:y": {"equals": 1}}}}},
            "tokens.t.bound.x:y",
            "key 'x:y': unknown source 'x'",
            SOURCES,
        ),
        ({"expect": {}}, "expect", "write [[expect]], with two brackets", ""),
        ({"expect": [1]}, "expect.0", "must be a table", ""),
        ({"expect": [{}, {"then": {"t": "ok"}}]}, "expect.1.then.t", "'ok' is not a state", None),
        ({"expect": [{"when": {"now": 1}}]}, "expect.0.when.now", _ZONE, ""),
        (
            {"expect": [{"when": {"x:y": 1}}]},
            "expect.0.when.x:y",
            "key 'x:y': unknown source 'x'",
            SOURCES,
        ),
    ],
)
def test_every_mistake_is_said_at_its_key(table: Table, at: str, what: str, hint: str | None) -> None:
    with pytest.raises(TableError) as fault:
        check_table(table)
    assert (".".join(fault.value.keypath), fault.value.what, str(fault.value)) == (at, what, what)
    assert hint is None or fault.value.hint == hint


def test_policy_may_allow_a_variable_that_steers_programs() -> None:
    tables: list[Table] = [{"env": {"PATH": "/x"}}, {"tokens": {"t": {"env": "PATH"}}}]
    for table in tables:
        check_table(table, frozenset({"PATH"}))
        with pytest.raises(TableError):
            check_table(table)


def test_a_token_without_a_variable_is_told_a_good_name() -> None:
    with pytest.raises(TableError) as fault:
        effective(["p"], ["/p.toml"], [{"tokens": {"my-own.t": {}}}])
    assert (fault.value.keypath, fault.value.what) == (("tokens", "my-own.t"), "env is missing")
    assert fault.value.hint == 'Name the variable to export it as: env = "MY_OWN_T_TOKEN".'


def test_texts_and_tables() -> None:
    assert texts_of("a") == ["a"]
    assert texts_of(["a", 1, "b"]) == texts_of(("a", "b")) == ["a", "b"]
    assert texts_of(1) == texts_of({"a": 1}) == []
    with pytest.raises(TableError, match=r"^must be a table$"):
        as_table(("a",), [])


def test_what_is_sealed() -> None:
    token: Table = {
        "env": "T",
        "scopes": ["b", "a", "b"],
        "bound": {"file:f": {"one_of": [2, 1]}, "flags.a": {"equals": [2, 1]}},
    }
    for policy, more in ((Reaction.EXPIRE, {}), (Reaction.WARN, {"policy": {"outside": "warn"}})):
        profile = effective(["p"], ["/p.toml"], [{"files": {"f": "/f", "g": "/g"}, "tokens": {"t": token}}], policy)
        assert definition_record(profile.tokens["t"], profile) == {
            "id": "p/t",
            "env": ["T"],
            "scopes": ["a", "b"],
            "bound": {"file:f": {"one_of": [1, 2]}, "flags.a": {"equals": [2, 1]}},
            "files": {"f": "/f"},
            **more,
        }
    own = effective(["p"], ["/p.toml"], [{"tokens": {"t": {"env": "T", "outside": "expire"}}}], Reaction.WARN)
    assert definition_record(own.tokens["t"], own) == {"id": "p/t", "env": ["T"], "outside": "expire"}
    lost = effective(["p"], ["/p.toml"], [{"tokens": {"t": {"env": "T", "bound": {"file:f": {"exists": True}}}}}])
    assert definition_record(lost.tokens["t"], lost)["files"] == {"f": ""}


def test_digests_have_a_purpose_and_no_seal_is_the_seal_of_nothing() -> None:
    assert env_digest({}) == grants_digest(None) == ""
    assert grants_digest({}) != ""
    assert grants_digest({"a": ("y", "x", "y")}) == grants_digest({"a": ("x", "y")})
    assert definition_digest({"A": "1"}) != env_digest({"A": "1"})
    assert definition_digest({}) == "56d24df45201f955b9c21d699f9dcc9f3f42c126ed962e4272ace932585506b8"
    assert env_digest({"A": "1"}) == "6ea7d6ea2eb2d31bf5a1a2e3d6787c470f78fd902866593dc61e939248f92129"
    assert grants_digest({"a": ("x",)}) == "3ad2b330a0c99eb6613550927320b930ecfdad42f35c77f6852e0472fa6f8486"


def test_a_record_is_one_sorted_line() -> None:
    assert to_text({"b": END, "a": [True, END.date()], "c": END.time()}) == (
        '{"a":[true,{"$time":"date","iso":"2027-01-31"}],"b":{"$time":"datetime","iso":"2027-01-31T00:00:00+00:00"},'
        '"c":{"$time":"time","iso":"00:00:00"}}'
    )
    for text in (
        "[]",
        "1",
        '{"a":{"$time":"x","iso":""}}',
        '{"a":{"$time":"date"}}',
        '{"a":{"$time":"date","iso":"x"}}',
    ):
        assert from_text(text) is None


def test_differences_are_lines() -> None:
    before: Table = {"id": "p/t", "bound": {"flags.a": {"equals": True}}, "gone": 1, "env": ["T"]}
    after: Table = {"id": "p/t", "bound": {"flags.a": {"equals": False}}, "wipe": True, "env": ["T"], "x": {}}
    assert differences(before, after) == [
        '- bound."flags.a".equals = true',
        '+ bound."flags.a".equals = false',
        "- gone = 1",
        "+ wipe = true",
        "+ x = {}",
    ]
    assert differences(None, {"a_b-c": {"d": "e"}}) == ["+ a_b-c.d = e"]
    assert differences({}, {"a": "ghp_0123456789"}) == ["+ a = ••••••"]
    assert differences({"a": "ghp_0123456789"}, {}) == ["- a = ••••••"]
    assert differences(None, {"a\x1b": "b\x1b"}) == ['+ "a\\x1b" = b\\x1b']
