"""What stands in clear in the files of the usual tools: secret, host, user, line. Every value is made up."""

import json
import random
import re
from base64 import b64encode
from io import BytesIO
from zipfile import ZipFile, ZipInfo

import pytest

from keybound.domain.text.secret import expose_secret
from keybound.sources.parse_fault import ParseError
from keybound.sources.plain.reading import LocatedSecret, plain_secrets
from keybound.sources.plain.registry import KINDS, get_plain_file, plain_kind
from support.rounds import rounds

HOSTILE = (
    *"[]{}\"'\n\r\x0c\u2028=: #\\\0\t$&*%@,\ufeff\u00e9",
    "://[::1",
    "null",
    "- ",
    "&a *a",
    "<<: *a",
    "1e999",
    "!!x",
)
BASIC = b64encode(b"octo:pass:word").decode()
Row = tuple[str, str, str, str, str, int]  # label, secret, provider, host, user, line

FILES: dict[str, tuple[str, str, list[Row]]] = {
    "npmrc": (
        ".npmrc",
        "registry=https://registry.npmjs.org/\n//registry.npmjs.org/:_authToken=npm_made_up\n"
        f"//npm.example.com/team/:_auth={BASIC}\n//a.example.com/:_authToken=${{NPM_TOKEN}}\n"
        "//b.example.com/:username=octo\n//b.example.com/:_password=c2VjcmV0\n",
        [
            ("//registry.npmjs.org/:_authToken", "npm_made_up", "npm", "registry.npmjs.org", "", 2),
            ("//npm.example.com/team/:_auth", BASIC, "", "npm.example.com", "", 3),
            ("//b.example.com/:_password", "c2VjcmV0", "", "b.example.com", "octo", 6),
        ],
    ),
    "pypirc": (
        ".pypirc",
        "[distutils]\nindex-servers = pypi\n[pypi]\nusername = __token__\npassword = pypi-made-up\n"
        "[own]\nrepository = https://py.example.com/simple\npassword = word\n[none]\npassword =\n",
        [
            ("pypi.password", "pypi-made-up", "pypi", "upload.pypi.org", "__token__", 5),
            ("own.password", "word", "", "py.example.com", "", 8),
        ],
    ),
    "netrc": (
        ".netrc",
        "machine example.com login octo\n  password word\ndefault password other\nmachine bare login octo\n"
        "machine ghe.io login made-up password x-oauth-basic\nmachine ghe.io login octo password third\n",
        [
            ("example.com.password", "word", "", "example.com", "octo", 2),
            ("default.password", "other", "", "", "", 3),
            ("ghe.io.password", "made-up", "", "ghe.io", "", 5),
            ("ghe.io.octo.password", "third", "", "ghe.io", "octo", 6),
        ],
    ),
    "gh": (
        ".config/gh/hosts.yml",
        "github.com:\n    users:\n        octo:\n            oauth_token: gho_one\n        other:\n"
        "            oauth_token: gho_two\n    oauth_token: gho_one\n    user: octo\n",
        [
            ("github.com.oauth_token", "gho_one", "github", "github.com", "octo", 7),
            ("github.com.users.other.oauth_token", "gho_two", "github", "github.com", "other", 6),
        ],
    ),
    "docker": (
        ".docker/config.json",
        f'{{\n "auths": {{\n  "https://index.docker.io/v1/": {{"auth": "{BASIC}"}},\n'
        '  "ghcr.io": {"identitytoken": "word"},\n  "bare.example.com": {}\n }\n}',
        [
            ("auths.https://index.docker.io/v1/.auth", "pass:word", "", "index.docker.io", "octo", 3),
            ("auths.ghcr.io.identitytoken", "word", "", "ghcr.io", "<token>", 4),
        ],
    ),
    "kube": (
        ".kube/config",
        "clusters:\n- name: c\n  cluster: {server: 'https://k8s.example.com:6443'}\ncontexts:\n- name: x\n"
        "  context: {cluster: c, user: u}\nusers:\n- name: u\n  user:\n    token: word\n- name: v\n"
        "  user: {client-key-data: a2V5}\n",
        [
            ("users.u.token", "word", "", "k8s.example.com", "u", 10),
            ("users.v.client-key-data", "a2V5", "", "", "v", 12),
        ],
    ),
    "aws": (
        ".aws/credentials",
        "[default]\naws_access_key_id = AKIDMADEUP\naws_secret_access_key = word\n[dev]\naws_session_token = long\n",
        [
            ("default.aws_access_key_id", "AKIDMADEUP", "aws", "", "AKIDMADEUP", 2),
            ("default.aws_secret_access_key", "word", "aws", "", "AKIDMADEUP", 3),
            ("dev.aws_session_token", "long", "aws", "", "", 5),
        ],
    ),
    "terraform": (
        ".terraform.d/credentials.tfrc.json",
        '{"credentials": {\n  "app.terraform.io": {\n    "token": "word"\n  }}}',
        [("credentials.app.terraform.io.token", "word", "", "app.terraform.io", "", 3)],
    ),
    "terraformrc": (
        ".terraformrc",
        'plugin_cache_dir = "x"\ncredentials "tf.example.com" {\n  token = "word"\n}\n',
        [("tf.example.com.token", "word", "", "tf.example.com", "", 3)],
    ),
    "cargo": (
        ".cargo/credentials.toml",
        '[registry]\ntoken = "one"\n[registries.own]\ntoken = "two"\n',
        [
            ("registry.token", "one", "crates-io", "crates.io", "", 2),
            ("registries.own.token", "two", "", "", "", 4),
        ],
    ),
    "dotenv": (
        ".env",
        "A=one\n# note\nexport B='two'\nC=$A\nD=\n",
        [("A", "one", "", "", "", 1), ("B", "two", "", "", "", 3)],
    ),
    "fnox": (
        "fnox.toml",
        '[providers.p]\ntype = "plain"\n[secrets]\nA = { default = "one" }\nB = { provider = "age", value = "x" }\n'
        'C = { provider = "p", value = "two" }\n[profiles.dev.secrets]\nD = { default = "three" }\n',
        [
            ("secrets.A.default", "one", "", "", "", 4),
            ("secrets.C.value", "two", "", "", "", 6),
            ("profiles.dev.secrets.D.default", "three", "", "", "", 8),
        ],
    ),
    "bitwarden": (
        "bitwarden_export_20260101.json",
        '{"encrypted": false, "items": [\n{"name": "Git", "login": {"username": "o", "password": "one", '
        '"uris": [{"uri": "https://github.com/login"}]},\n"fields": [{"name": "token", "value": "two", "type": 1}, '
        '{"name": "seen", "value": "x", "type": 0}]},\n{"name": "note", "login": null}]}',
        [("Git.password", "one", "", "github.com", "o", 2), ("Git.token", "two", "", "github.com", "o", 3)],
    ),
    "1password-csv": (
        "1Password-export.csv".lower(),
        'Title,Url,Username,Password,Notes\nGit,https://github.com,o,one,"two\nlines"\nBare,,,,\nOther,,,"t,wo",\n',
        [("Git.password", "one", "", "github.com", "o", 2), ("Other.password", "t,wo", "", "", "", 5)],
    ),
    "git-credentials": (
        ".git-credentials",
        "https://octo:p%40ss@github.com\n\nnot an address\nhttps://bare.example.com\nhttp://[::1\n"
        "https://octo:word@Git.example.com:8443/a\nhttp://octo:word@example.com\nhttps://made-up:x-oauth-basic@ghe.io\n"
        "https://a%0Apassword=b:word@a.io\n",  # git's protocol has a line for each field
        [
            ("octo@github.com", "p@ss", "github", "github.com", "octo", 1),
            ("octo@git.example.com:8443", "word", "", "git.example.com:8443", "octo", 6),
            ("ghe.io", "made-up", "", "ghe.io", "", 8),  # the token stands as the user's name: it is nowhere said
        ],
    ),
}


@pytest.mark.parametrize("kind", FILES)
def test_what_stands_in_clear_is_found_with_its_place(kind: str) -> None:
    path, text, expected = FILES[kind]
    found = plain_secrets(kind, path, text.encode())
    assert [
        (".".join(one.keys), expose_secret(one.secret).decode(), one.provider, one.host, one.user, line)
        for one, line in found
    ] == expected


def test_every_kind_has_a_row_here_and_is_told_by_its_name() -> None:
    assert {*FILES, "1password"} == set(KINDS)
    assert plain_kind("/x/A.1pux") == "1password"
    assert {kind: plain_kind(f"/home/octo/{path}") for kind, (path, _, _) in FILES.items()} == {k: k for k in FILES}
    assert [plain_kind(path) for path in ("/x/config.json", "/x/credentials", "hosts.yml", "/x/a.npmrc.bak", "")] == [
        ""
    ] * 5


def held(kind: str, data: bytes) -> list[LocatedSecret]:
    """What is found; nothing where the file is said to be broken."""
    try:
        return plain_secrets(kind, "x", data)
    except ParseError:
        return []


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("data", [b"\xff\xfe", b"[" * 100_000, b'{"a": "', b""], ids=["bytes", "deep", "open", "empty"])
def test_what_cannot_be_read_is_said_or_holds_nothing(kind: str, data: bytes) -> None:
    assert held(kind, data) == []


@pytest.mark.parametrize("kind", FILES)
def test_other_shapes_of_values_break_nothing(kind: str) -> None:
    for text in ("[]", "1", '"text"', "a: [1]\nusers: {}\n", "a=\n", '{"auths": [], "credentials": 1}'):
        assert held(kind, text.encode()) == []


@pytest.mark.parametrize("kind", FILES)
def test_whatever_stands_in_such_a_file_is_read_or_said(kind: str) -> None:
    rng, text = random.Random(kind), FILES[kind][1]
    for _ in range(rounds(400, 40)):
        for at in (rng.randrange(len(text)), rng.randrange(len(text))):
            text = text[:at] + rng.choice(HOSTILE) + text[at + rng.choice((0, 1, 3, 20)) :]
        for one, _ in held(kind, text.encode()):
            assert all(isinstance(word, str) for word in (*one.keys, one.host, one.user))
            assert get_plain_file(kind).variable(one) is not None
        text = FILES[kind][1]


@pytest.mark.parametrize("kind", FILES)
def test_an_address_that_is_none_hides_no_secret(kind: str) -> None:
    _, text, expected = FILES[kind]
    broken = re.sub(r"(?<=https:)//\w", "//[::1", text)
    assert kind == "git-credentials" or len(held(kind, broken.encode())) == len(expected)


def export_of(items: object) -> bytes:
    """A 1PUX file with these items."""
    return zipped(json.dumps({"accounts": [{"vaults": [{"items": items}]}]}).encode())


def zipped(data: bytes) -> bytes:
    """A 1PUX file that says this."""
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr(ZipInfo("export.data"), data)  # of a fixed time: what it gives is part of a test's name
    return file.getvalue()


def test_a_1password_export_has_passwords_and_concealed_fields() -> None:
    login = {"overview": {"title": "Git", "url": "https://github.com"}, "categoryUuid": "001", "details": {
        "loginFields": [{"designation": "username", "value": "o"}, {"designation": "password", "value": "one"}],
        "sections": [{"fields": [{"title": "api", "value": {"concealed": "two"}}, {"title": "x", "value": {"string": "y"}}]}],
    }}  # fmt: skip
    credential = {"overview": {"title": "Key"}, "categoryUuid": "112", "details": {
        "sections": [{"fields": [{"id": "credential", "value": {"concealed": "three"}}]}],
    }}  # fmt: skip
    found = [one for one, _ in plain_secrets("1password", "x.1pux", export_of([login, credential]))]
    rows = [(one.keys, expose_secret(one.secret).decode(), one.host, one.certain) for one in found]
    assert rows == [
        (("Git", "password"), "one", "github.com", False),
        (("Git", "api"), "two", "github.com", False),
        (("Key", "credential"), "three", "", True),
    ]
    assert [get_plain_file("1password").variable(one) for one in found] == ["", "GIT_API", "KEY_CREDENTIAL"]


@pytest.mark.parametrize(
    ("kind", "data", "says"),
    [
        ("1password", b"PK\x03\x04", "not a ZIP"),
        ("1password", b"", "not a ZIP"),
        ("1password", zipped(b"[" * 200_000), "nested too deep"),
        ("1password", zipped(b"{}").replace(b"\x14\0\0\0", b"\x14\0\x01\0"), "encrypted"),
        ("1password-csv", b"a,b\n1,2\n", "no columns"),
        ("1password-csv", b"a" * 200_000 + b",b\n", "field limit"),
        ("bitwarden", b'{"encrypted": true}', "encrypted"),
    ],
)
def test_an_export_of_another_form_is_said(kind: str, data: bytes, says: str) -> None:
    with pytest.raises(ParseError, match=says):
        plain_secrets(kind, "x", data)
