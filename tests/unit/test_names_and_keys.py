"""Names, ids, keys and paths: what is read, and what is said about what is not."""

import pytest

from keybound.domain.errors import BadInputError, KeyboundError
from keybound.domain.text.sanitize import clean, clean_lines, shorten
from keybound.domain.text.secret import Secret, expose_secret
from keybound.domain.tool_keys import TOOLS
from keybound.domain.values.durations import seconds, words
from keybound.domain.values.keys import Index, Key, Match, Member, Step, is_context, parse_key, parse_path, path_text
from keybound.domain.values.names import TokenId, check_name, parse_token_id
from keybound.domain.values.readings import Absent, FileContent, Found, Unreadable, Value
from keybound.domain.values.scopes import granted, permits
from keybound.domain.values.semver import compare_semver, is_semver
from keybound.domain.values.variables import variable_fault
from keybound.domain.values.walk import walk

_ROOTS = (
    "A profile key starts with settings. flags. roles. env. or files.; other keys look like file:NAME, env:VAR "
    "or carried.scopes."
)
_QUOTE = 'Quote unusual keys: "a b".c'
_GIT = "Known: git:branch, git:remote.NAME.url, git:config.SECTION.KEY"
_SOURCES = f"Known: file, env, cwd, here, git, {', '.join(TOOLS)}."
_KUBE = "Known: kube:context, kube:cluster, kube:server, kube:user, kube:namespace"
_NAME = "Use 1 to 64 characters from a-z 0-9 . _ - and start with a letter or digit."


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("flags.a", ("profile", "", (Member("flags"), Member("a")))),
        ('settings."a b"[0].c', ("profile", "", (Member("settings"), Member("a b"), Index(0), Member("c")))),
        ("settings.'a.b'", ("profile", "", (Member("settings"), Member("a.b")))),
        ('settings."a:b"', ("profile", "", (Member("settings"), Member("a:b")))),
        ("file:kube", ("file", "kube", ())),
        ("file:kube#a[name=x].b", ("file", "kube", (Member("a"), Match("name", "x"), Member("b")))),
        ("here:a.json#b", ("here", "a.json", (Member("b"),))),
        ("env:A_B", ("env", "A_B", ())),
        ("cwd", ("cwd", "", ())),
        ("git:branch", ("git", "branch", ())),
        ("git:remote.origin.url", ("git", "remote.origin.url", ())),
        ("git:config.user.email", ("git", "config.user.email", ())),
        ("kube:context", ("kube", "context", ())),
        ("kube:'server'", ("kube", "server", ())),
    ],
)
def test_keys(text: str, key: tuple[str, str, tuple[object, ...]]) -> None:
    found = parse_key(text)
    assert found == Key(text, *key)  # type: ignore[arg-type]
    assert found.context is is_context(text) is (key[0] not in ("profile", "file"))


@pytest.mark.parametrize(
    ("text", "what", "hint"),
    [
        ("env:A-B", "'A-B' in key 'env:A-B' is not a variable name", ""),
        ("nope:x", "key 'nope:x': unknown source 'nope'", _SOURCES),
        ("a.b", "unknown key 'a.b'", _ROOTS),
        ("flags", "unknown key 'flags'", _ROOTS),
        ("[0].a", "unknown key '[0].a'", _ROOTS),
        ("file:A", "'A' in key 'file:A' is not the name of a file in [files]", ""),
        ("file:", "'' in key 'file:' is not the name of a file in [files]", ""),
        ("here:", "key 'here:' needs a file name, as in here:package.json#name", ""),
        ("here:a/b", "key 'here:a/b' needs a file name, as in here:package.json#name", ""),
        ("here:.", "key 'here:.' needs a file name, as in here:package.json#name", ""),
        ("here:..", "key 'here:..' needs a file name, as in here:package.json#name", ""),
        ("git:tag", "unknown key 'git:tag'", _GIT),
        ("git:remote.url", "unknown key 'git:remote.url'", _GIT),
        ("git:config.email", "unknown key 'git:config.email'", _GIT),
        ("kube:colour", "unknown key 'kube:colour'", _KUBE),
        ("kube:", "unknown key 'kube:'", _KUBE),
        ("kube:context[0]", "unknown key 'kube:context[0]'", _KUBE),
        ("kube:a b", "'a b' is not a path: cannot read ' b'", _QUOTE),
        ("flags.a b", "'flags.a b' is not a path: cannot read ' b'", _QUOTE),
        ("flags..a", "'flags..a' is not a path: a key is missing at '.a'", _QUOTE),
        ("flags.", "'flags.' is not a path: cannot read '.'", _QUOTE),
        ("", "'' is not a path: a key is missing at ''", _QUOTE),
        ("flags[x]", "'flags[x]' is not a path: write [0] or [name=value], not '[x]'", ""),
        (r'flags."\q"', r"\q in a path is not an escape", ""),
        (r'flags."\ud800"', r"\ud800 in a path is not a character", ""),
        (r'flags."\udfff"', r"\udfff in a path is not a character", ""),
        (r'flags."\U00110000"', r"\U00110000 in a path is not a character", ""),
    ],
)
def test_what_is_no_key_is_said(text: str, what: str, hint: str) -> None:
    with pytest.raises(BadInputError) as fault:
        parse_key(text)
    assert (fault.value.what, fault.value.hint) == (what, hint)


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        (r'"\b\t\n\f\r\e\"\\"', (Member('\b\t\n\f\r\x1b"\\'),)),
        (r'"\u00e9\U0001F600"', (Member("é😀"),)),
        (r'"\ud7ff\ue000\U0010ffff"', (Member("\ud7ff\ue000\U0010ffff"),)),
        ("a[12][3]", (Member("a"), Index(12), Index(3))),
        ('a[n="x y"]', (Member("a"), Match("n", "x y"))),
        ("a[n='x']", (Member("a"), Match("n", "x"))),
        ('a[n=x"]', (Member("a"), Match("n", 'x"'))),
        (r"a[n=x\]y]", (Member("a"), Match("n", "x]y"))),
        ("a[n=]", (Member("a"), Match("n", ""))),
        ("a.'b c'.d", (Member("a"), Member("b c"), Member("d"))),
    ],
)
def test_paths(text: str, steps: tuple[Step, ...]) -> None:
    assert parse_path(text) == steps
    assert parse_path(path_text(steps)) == steps


def test_a_path_is_quoted_where_it_must_be() -> None:
    steps = (Member("a-1"), Member('b c"\n\x01'), Index(2), Match("n", "x]y\\z"))
    assert path_text(steps) == r'a-1."b c\"\n\u0001"[2][n=x\]y\\z]'
    assert parse_path(path_text(steps)) == steps


DATA: Value = {
    "list": ["a", "b"],
    "named": [{"name": "x", "at": 1}, {"name": "y", "at": 2}, {"name": "z"}, {"name": "z"}, {"name": "z"}, "name"],
    "twice": [{"n": "1"}, {"n": "1"}],
    "text": "abc",
}


@pytest.mark.parametrize(
    ("path", "reading"),
    [
        ("list[0]", Found("a")),
        ("list[1]", Found("b")),
        ("list[2]", Absent("the list has no [2]")),
        ("text[0]", Absent("[0] is looked up in something that is not a list")),
        ("text.a", Absent("a is looked up in something that is not a table")),
        ("list.a", Absent("a is looked up in something that is not a table")),
        ("nothing", Absent("no key nothing")),
        ("named[name=y].at", Found(2)),
        ("named[name=w]", Absent("no element has name=w")),
        ("named[name=z]", Unreadable("3 elements have name=z")),
        ("twice[n=1]", Unreadable("2 elements have n=1")),
        ("text[n=1]", Absent("[n=1] is looked up in something that is not a list")),
    ],
)
def test_walking(path: str, reading: object) -> None:
    assert walk(DATA, parse_path(path)) == reading


def test_a_whole_file_is_no_list() -> None:
    assert isinstance(walk(FileContent("d", 0, 0, 0, True), (Index(0),)), Absent)


def test_ids_and_names() -> None:
    assert parse_token_id("p/t.x-1") == TokenId("p", "t.x-1")
    assert str(TokenId("p", "t")) == "p/t"
    assert check_name("a" * 64, "profile") == "a" * 64


@pytest.mark.parametrize(
    ("text", "what", "hint"),
    [
        ("p", "'p' is not a token", "Write it as PROFILE/NAME, for example staging/github."),
        ("P/t", "'P' is not a valid profile name", _NAME),
        ("p/T", "'T' is not a valid token name", _NAME),
        ("p/t/u", "'t/u' is not a valid token name", _NAME),
        ("p/" + "a" * 65, f"{'a' * 65!r} is not a valid token name", _NAME),
        ("p/t\n", "'t\\n' is not a valid token name", _NAME),
    ],
)
def test_what_is_no_id_is_said(text: str, what: str, hint: str) -> None:
    with pytest.raises(BadInputError) as fault:
        parse_token_id(text)
    assert (fault.value.what, fault.value.hint) == (what, hint)


@pytest.mark.parametrize(
    ("where", "hint", "text"),
    [("", "", "what"), ("p:1", "", "p:1: what"), ("", "do", "what\n  do"), ("p:1", "do", "p:1: what\n  do")],
)
def test_an_error_is_said_with_place_and_next_step(where: str, hint: str, text: str) -> None:
    fault = KeyboundError("what", where=where, hint=hint)
    assert str(fault) == text
    assert fault.args == ("what",)
    assert str(KeyboundError("what")) == "what"


@pytest.mark.parametrize("text", ["", "0d", "30", "d", "1y", "1234567s", "1 d", "-1d"])
def test_what_is_no_span_is_said(text: str) -> None:
    with pytest.raises(BadInputError) as fault:
        seconds(text)
    assert fault.value.what == f"{text!r} is not a duration"
    assert fault.value.hint == "Write a number followed by s, m, h, d or w, such as 30d."


@pytest.mark.parametrize(
    ("span", "text"),
    [(0, "0s"), (59, "59s"), (60, "1m"), (3599, "59m"), (3600, "1h"), (86_400, "1d"), (200_000, "2d"), (-90.5, "1m")],
)
def test_spans_in_words(span: float, text: str) -> None:
    assert words(span) == text


def test_spans() -> None:
    assert [seconds(text) for text in ("1s", "2m", "3h", "4d", "5w", "999999s")] == [
        1, 120, 10_800, 345_600, 3_024_000, 999_999,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain é 😀", "plain é 😀"),
        ("a\tb\nc\x1b[0m", "a\\x09b\\x0ac\\x1b[0m"),
        ("\x7f\x9b\xad", "\\x7f\\x9b\\xad"),
        ("\u0600\u202e\u2028\u2029\ue000\ud800", "\\u0600\\u202e\\u2028\\u2029\\ue000\\ud800"),
        ("\U000e0001\U00100000", "\\U000e0001\\U00100000"),
        ("👩\u200d🔬\ufe0f", "👩\u200d🔬\ufe0f"),
        ("\ufff9\U000110bd", "\\ufff9\\U000110bd"),
        ("\u0378", "\u0378"),
    ],
)
def test_what_steers_a_terminal_is_shown_as_an_escape(text: str, shown: str) -> None:
    assert clean(text) == shown
    assert clean_lines(f"{text}\nb\x07") == "\n".join([*map(clean, text.split("\n")), "b\\x07"])


@pytest.mark.parametrize(("width", "text"), [(6, "abcde"), (5, "abcde"), (4, "abc…"), (1, "…"), (0, "…")])
def test_shortened(width: int, text: str) -> None:
    assert shorten("abcde", width) == text


@pytest.mark.parametrize(
    ("grant", "scope", "covers"),
    [
        ("a:b", "a:b", True),
        ("a:b", "a:bc", False),
        ("*", "", True),
        ("a*", "a", True),
        ("a*a", "a", False),
        ("a*a", "aa", True),
        ("*x*y*", "1x2y3", True),
        ("*x*y*", "yx", False),
        ("*xy*yz*", "xyz", False),
        ("a*b*b*c", "abc", False),
        ("a*b*b*c", "abbc", True),
        ("*b*c", "bc", True),
        ("ab*b*", "ab", False),
        ("*ab*b", "ab", False),
        ("*a*b*a*", "aba", True),
        ("*a*b*", "aab", True),
        ("*ab*a*", "abxab", True),
        ("*ab*ab*ab*", "abab", False),
    ],
)
def test_a_grant_covers(grant: str, scope: str, covers: bool) -> None:
    assert permits(grant, scope) is covers


def test_what_active_roles_grant() -> None:
    grants = {"reader": ("repo:read",), "writer": ("repo:*",)}
    assert granted(("repo:read", "repo:write"), ["reader", "nobody"], grants) == {"repo:read"}
    assert granted(("a", "b"), [], None) == {"a", "b"}
    assert granted(("a",), [], {}) == set()


@pytest.mark.parametrize(
    ("left", "right", "order"),
    [("1.0.0-a", "1.0.0-b", -1), ("1.0.0-1", "1.0.0-a", -1), ("1.0.0", "1.0.0-a", 1), ("1.10.0", "1.9.0", 1)],
)
def test_semver_order(left: str, right: str, order: int) -> None:
    assert compare_semver(left, right) == order
    assert compare_semver(right, left) == -order
    assert compare_semver(left, left) == 0


def test_a_version_of_256_characters_is_one_and_a_longer_is_not() -> None:
    assert is_semver("1.0.0-" + "a" * 250)
    assert not is_semver("1.0.0-" + "a" * 251)


def test_variables_that_steer_programs_are_allowed_by_policy_alone() -> None:
    assert variable_fault("A") == ""
    assert variable_fault("ld_preload") != ""
    assert variable_fault("LD_PRELOAD", frozenset({"LD_PRELOAD"})) == ""
    assert variable_fault("LD_PRELOAD") == (
        "LD_PRELOAD changes how programs run, so it is not exported unless policy.toml allows it"
    )
    assert variable_fault("1A") == "'1A' is not a valid variable name (A-Z a-z 0-9 _, no digit first)"


def test_a_secret_is_what_it_was_made_of_and_shows_as_a_mask() -> None:
    assert expose_secret(Secret("é")) == expose_secret(Secret("é".encode())) == "é".encode()
    assert Secret("a") == Secret(b"a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len(Secret("é")) == 2
    assert f"{Secret('a'):>10}" == "  ••••••••"
    with pytest.raises(TypeError, match=r"^a secret is never pickled$"):
        Secret("a").__reduce__()
