"""What becomes of a file once its secrets are taken: what its tool understands, and all else as it was."""

import tomllib
from base64 import b64encode

import pytest

from keybound.domain.text.secret import expose_secret
from keybound.sources.plain.base import Taken
from keybound.sources.plain.reading import plain_secrets
from keybound.sources.plain.registry import KINDS, get_plain_file

BASIC = b64encode(b"octo:word").decode()

# before, the names that are taken ("" for all), after
CASES: dict[str, list[tuple[str, str, str]]] = {
    "npmrc": [
        (
            "; mine\n//a.io/:_authToken=word\n//b.io/:_authToken = \"other\"\nsave-exact=true\n",
            "",
            "; mine\n//a.io/:_authToken=${NPM_TOKEN_A_IO}\n//b.io/:_authToken = \"${NPM_TOKEN_B_IO}\"\nsave-exact=true\n",
        ),
        ("//a.io/:_authToken=a\r\nx=a\r\n", "", "//a.io/:_authToken=${NPM_TOKEN_A_IO}\r\nx=a\r\n"),
    ],
    "pypirc": [("[pypi]\nusername = __token__\npassword = word\n\n[x]\npassword = other\n", "pypi.password",
                "[pypi]\nusername = __token__\n\n[x]\npassword = other\n"),
               ("[pypi]\nusername = a\x0cb\x85c\npassword = word\n  more\nx = y\n", "",  # lines end at newlines alone
                "[pypi]\nusername = a\x0cb\x85c\nx = y\n")],
    "netrc": [
        ("# mine\nmachine a.io\n  login o\n  password word\n\nmachine b.io login o password other\n", "a.io.password",
         "# mine\nmachine b.io login o password other\n"),
        ("machine a.io login o password word\n# of b\nmachine b.io login o password other\n", "a.io.password",
         "# of b\nmachine b.io login o password other\n"),
        ("machine a.io login o password word\ndefault login anonymous password me@x\n", "",  ""),
        ("machine a.io login o password word machine b.io login p password other", "a.io.password",
         "machine b.io login p password other"),
        ("machine a.io login o password word machine b.io login p password other\n", "b.io.password",
         "machine a.io login o password word \n"),
        ("machine a.io login o password word\nmachine a.io login p password other\n", "a.io.p.password",
         "machine a.io login o password word\n"),
        ("machine a.io login o password word\nmacdef init\ncd x\n\nmachine b.io login o password other\n", "",
         "macdef init\ncd x\n\n"),
    ],
    "gh": [
        ("github.com:\n    users:\n        octo:\n            oauth_token: word\n    git_protocol: https\n"
         "    oauth_token: word\n    user: octo\n", "",
         "github.com:\n    users:\n        octo:\n    git_protocol: https\n    user: octo\n"),
    ],
    "docker": [
        ('{"auths": {"ghcr.io": {"auth": "%s"}, "x.io": {"auth": "%s", "email": "a@b"}}, "currentContext": "ä"}'.replace(
            "%s", BASIC), "auths.ghcr.io.auth",
         '{\n\t"auths": {\n\t\t"x.io": {\n\t\t\t"auth": "%s",\n\t\t\t"email": "a@b"\n\t\t}\n\t},\n\t"currentContext": "ä",\n'
         '\t"credHelpers": {\n\t\t"ghcr.io": "helper"\n\t}\n}'.replace("%s", BASIC)),
        (f'{{"auths": {{"https://index.docker.io/v1/": {{"auth": "{BASIC}"}}}}, "credsStore": "pass"}}', "",
         '{\n\t"auths": {},\n\t"credsStore": "pass",\n\t"credHelpers": {\n\t\t"https://index.docker.io/v1/": "helper"\n\t}\n}'),
    ],
    "kube": [
        ("users:\n- name: u\n  user:\n    token: word\n- name: v\n  user: {token: other}\n", "users.u.token",
         "users:\n- name: u\n  user:\n    exec:\n      apiVersion: client.authentication.k8s.io/v1\n"
         '      command: "helper"\n      args: []\n      interactiveMode: Never\n- name: v\n  user: {token: other}\n'),
    ],
    "aws": [
        ("[default]\naws_access_key_id = AKID\naws_secret_access_key = word\n"
         "region = eu-west-1\n[dev]\naws_session_token = t\n",
         "default.aws_access_key_id default.aws_secret_access_key",
         "[default]\ncredential_process = helper\nregion = eu-west-1\n[dev]\naws_session_token = t\n"),
    ],
    "terraform": [
        ('{"credentials": {"app.terraform.io": {"token": "word"}, "x.io": {"token": "other"}}}', "credentials.x.io.token",
         '{\n  "credentials": {\n    "app.terraform.io": {\n      "token": "word"\n    }\n  }\n}\n'),
    ],
    "terraformrc": [('a = 1\ncredentials "x.io" {\n  token = "word"\n}\nb = 2\n', "", "a = 1\n\nb = 2\n")],
    "cargo": [('# mine\n[registry]\ntoken = "word"\n[registries.own]\nindex = "x"\ntoken = "other"\n', "registry.token",
               '# mine\n[registry]\n[registries.own]\nindex = "x"\ntoken = "other"\n')],
    "fnox": [
        ('[secrets]\nA = { default = "word" }\n# mine\nB = { provider = "age", value = "x" }\n', "",
         '[secrets]\n# mine\nB = { provider = "age", value = "x" }\n'),
    ],
    "git-credentials": [("https://o:word@a.io\nhttps://o:other@b.io\n", "o@a.io", "https://o:other@b.io\n")],
    "dotenv": [
        ("# mine\nA=1\nexport B='two\nlines'\nC=3  # three\nB=again\n", "B", "# mine\nA=1\nC=3  # three\n"),
        ("A=1\r\nB=2\r\nC=3\r\n", "B", "A=1\r\nC=3\r\n"),
        ("A=1", "A", ""),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "before", "names", "after"), [(kind, *row) for kind, rows in CASES.items() for row in rows]
)
def test_only_what_was_taken_goes(kind: str, before: str, names: str, after: str) -> None:
    file = get_plain_file(kind)
    assert file.without
    found = [
        one
        for one in plain_secrets(kind, "x", before.encode())
        if not names or ".".join(one.found.keys) in names.split()
    ]
    rows = [Taken(one, line, file.variable(one), "helper") for one, line in found]
    assert rows
    assert file.without(before, rows) == after
    taken = {one.keys for one, _ in found}
    left = [(one.keys, one.secret) for one, _ in plain_secrets(kind, "x", after.encode())]
    assert left == [
        (one.keys, one.secret) for one, _ in plain_secrets(kind, "x", before.encode()) if one.keys not in taken
    ]


def test_every_kind_that_can_be_replaced_is_here() -> None:
    assert {kind for kind in KINDS if get_plain_file(kind).without} == set(CASES)


def test_what_can_be_replaced_says_by_what() -> None:
    assert {kind for kind in KINDS if get_plain_file(kind).instead} == set(CASES)


def test_the_result_is_still_what_its_tool_reads() -> None:
    text = CASES["cargo"][0][2]
    assert tomllib.loads(text)["registries"]["own"]["token"] == "other"


@pytest.mark.parametrize(
    ("kind", "text", "variables"),
    [
        ("npmrc", "//registry.npmjs.org/:_authToken=a\n//x-y.io/:_authToken=b\n", ["NPM_TOKEN", "NPM_TOKEN_X_Y_IO"]),
        ("terraform", '{"credentials": {"my-host.example.com": {"token": "a"}}}', ["TF_TOKEN_my__host_example_com"]),
        ("cargo", '[registry]\ntoken = "a"\n[registries.my-own]\ntoken = "b"\n',
         ["CARGO_REGISTRY_TOKEN", "CARGO_REGISTRIES_MY_OWN_TOKEN"]),
        ("gh", "github.com: {oauth_token: a}\nghe.io: {oauth_token: b}\n", ["GH_TOKEN", "GH_ENTERPRISE_TOKEN"]),
        ("aws", "[default]\naws_access_key_id=i\n[a]\naws_secret_access_key=s\n",
         ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY_A"]),
    ],
)  # fmt: skip
def test_the_variables_are_those_that_the_tools_read(kind: str, text: str, variables: list[str]) -> None:
    file = get_plain_file(kind)
    assert [file.variable(one) for one, _ in plain_secrets(kind, "x", text.encode())] == variables
    assert all(expose_secret(one.secret) for one, _ in plain_secrets(kind, "x", text.encode()))
