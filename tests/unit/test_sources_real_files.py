"""Files as tools write them, and the keys that lead into them."""

import subprocess
from pathlib import Path

import pytest

from keybound.domain.values.keys import parse_key
from keybound.domain.values.readings import Absent, Found, Unreadable, Value
from keybound.domain.values.walk import walk
from keybound.sources.files.locate import line_of
from keybound.sources.formats.git import settings
from keybound.sources.formats.reading import parse
from keybound.sources.parse_fault import ParseError

KUBE = b"""apiVersion: v1
kind: Config
current-context: staging
clusters:
- {name: eu, cluster: {server: "https://eu.example:6443"}}
contexts:
- context: {cluster: eu, user: me, namespace: web}
  name: staging
- context: &prod {cluster: us, user: me}
  name: prod
- context: {<<: *prod, namespace: "1"}
  name: twin
- name: twin
"""
NPMRC = b"""registry=https://registry.example/
@acme:registry=https://npm.acme.example/
@other:registry = "https://npm.other.example/"
//npm.acme.example/:_authToken=${NPM_TOKEN}
//npm.other.example/:username=me
always-auth
"""
AWS = b"""[default]
region = eu-west-1
[profile staging]
sso_session = work
sso_account_id = 0123
role_arn = arn:aws:iam::1:role/x
s3 =
    max_concurrent_requests = 20
[sso-session work]
sso_region = eu-west-1
sso_start_url = https://work.awsapps.com/start#/
"""
DOCKER = (
    b'{"auths": {"https://index.docker.io/v1/": {}, "ghcr.io": {"auth": "eA=="}}, "credsStore": "pass", "proxies": {}}'
)
GH = b"""github.com:
    git_protocol: ssh
    users:
        octo:
    user: octo
ghe.acme.example:
    user: me
"""
TERRAFORM = b'{"credentials": {"app.terraform.io": {"token": "x.atlasv1.y"}}}'
PYPROJECT = b"""[project]
name = "x"
requires-python = ">=3.11"
[[tool.uv.index]]
name = "acme"
url = "https://pypi.acme.example/simple"
[[tool.uv.index]]
name = "other"
url = "https://other/simple"
"""
GITCONFIG = b"""[user]
\temail = me@x ; a comment
[remote "origin"]
\turl = git@github.com:acme/x.git
\tfetch = +refs/heads/*:refs/remotes/origin/*
\tfetch = +refs/tags/*:refs/tags/*
[url "ssh://git@Git.example/"]
\tinsteadOf = https://git.example/
[Core]
\tFileMode
[user]
\tname = "A \\"B\\"" C\\
D
"""
NETRC = b"""# my hosts
machine api.example.com login me password "p w\\"x"
machine b
  user you # a comment
  account a
default login anonymous password #guest
macdef init
 cd /pub
 machine evil

"""
DOCUMENTS = b"kind: Service\nport: 1\n---\nkind: Deployment\nport: 2\n"
PROPERTIES = b"api.url=https://a.example\\\n  /v1\nname: x\n"

READ = [
    ("/h/.kube/config", KUBE, "current-context", "staging"),
    ("/h/.kube/config", KUBE, "contexts[name=staging].context.cluster", "eu"),
    ("/h/.kube/config", KUBE, 'contexts[name="prod"].context.cluster', "us"),
    ("/h/.kube/config", KUBE, "clusters[name=eu].cluster.server", "https://eu.example:6443"),
    ("/h/.kube/config", KUBE, "clusters[0].name", "eu"),
    ("/h/.kube/config", KUBE, "contexts[2].context", {"cluster": "us", "user": "me", "namespace": "1"}),
    (".npmrc", NPMRC, "registry", "https://registry.example/"),
    (".npmrc", NPMRC, '"@acme:registry"', "https://npm.acme.example/"),
    (".npmrc", NPMRC, '"@other:registry"', "https://npm.other.example/"),
    (".npmrc", NPMRC, '"//npm.acme.example/:_authToken"', "${NPM_TOKEN}"),
    (".npmrc", NPMRC, "always-auth", True),
    ("/h/.aws/config", AWS, "default.region", "eu-west-1"),
    ("/h/.aws/config", AWS, '"profile staging".sso_session', "work"),
    ("/h/.aws/config", AWS, '"profile staging".sso_account_id', "0123"),
    ("/h/.aws/config", AWS, '"profile staging".s3.max_concurrent_requests', "20"),
    ("/h/.aws/config", AWS, '"sso-session work".sso_start_url', "https://work.awsapps.com/start#/"),
    ("/h/.docker/config.json", DOCKER, "credsStore", "pass"),
    ("/h/.docker/config.json", DOCKER, 'auths."ghcr.io".auth', "eA=="),
    ("/h/.docker/config.json", DOCKER, "auths.'https://index.docker.io/v1/'", {}),
    ("hosts.yml", GH, '"github.com".user', "octo"),
    ("hosts.yml", GH, '"github.com".users.octo', None),
    ("credentials.tfrc.json", TERRAFORM, 'credentials."app.terraform.io".token', "x.atlasv1.y"),
    ("pyproject.toml", PYPROJECT, "project.requires-python", ">=3.11"),
    ("pyproject.toml", PYPROJECT, "tool.uv.index[name=acme].url", "https://pypi.acme.example/simple"),
    (".gitconfig", GITCONFIG, "user.email", "me@x"),
    (".gitconfig", GITCONFIG, "user.name", 'A "B" CD'),
    (".gitconfig", GITCONFIG, "remote.origin.url", "git@github.com:acme/x.git"),
    (".gitconfig", GITCONFIG, "remote.origin.fetch[1]", "+refs/tags/*:refs/tags/*"),
    (".gitconfig", GITCONFIG, 'url."ssh://git@Git.example/".insteadof', "https://git.example/"),
    (".gitconfig", GITCONFIG, "core.filemode", True),
    (".netrc", NETRC, '"api.example.com".password', 'p w"x'),
    (".netrc", NETRC, "default.password", "#guest"),
    ("x.yaml", DOCUMENTS, "[1].port", 2),
    ("x.yaml", DOCUMENTS, "[kind=Service].port", 1),
    ("x.properties", PROPERTIES, '"api.url"', "https://a.example/v1"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "data", "key", "value"), READ)
def test_a_value_is_found(path: str, data: bytes, key: str, value: Value) -> None:
    for form in (data, b"\xef\xbb\xbf" + data, data.replace(b"\n", b"\r\n")):
        assert walk(parse(path, form), parse_key(f"file:x#{key}").path) == Found(value)


@pytest.mark.parametrize(
    ("path", "data", "key", "kind"),
    [
        ("/h/.kube/config", KUBE, "contexts[name=twin].context", Unreadable),  # two have that name
        ("/h/.kube/config", KUBE, "contexts[name=none].context", Absent),
        ("/h/.kube/config", KUBE, "contexts.staging", Absent),
        ("/h/.kube/config", KUBE, "contexts[9]", Absent),
        ("/h/.kube/config", KUBE, "current-context[0]", Absent),
        ("/h/.kube/config", KUBE, "current-context[name=x]", Absent),
        ("x.yaml", DOCUMENTS, "port", Absent),  # two documents: [0].port
        (".gitconfig", GITCONFIG, "user.Email", Absent),  # names are read in lower case
        (".netrc", NETRC, "evil", Absent),  # a macro is no machine
    ],
)
def test_a_value_is_not_found(path: str, data: bytes, key: str, kind: type) -> None:
    assert isinstance(walk(parse(path, data), parse_key(f"file:x#{key}").path), kind)


def test_an_element_is_found_by_text_only() -> None:
    data = b'{"a": [{"id": 1, "v": "number"}, {"id": "1", "v": "text"}, {"id": "a]b\\"", "v": "odd"}, "x"]}'
    assert walk(parse("x.json", data), parse_key("file:x#a[id=1].v").path) == Found("text")
    assert walk(parse("x.json", data), parse_key('file:x#a[id=a\\]b\\"].v').path) == Found("odd")


@pytest.mark.parametrize(
    ("path", "data", "line"),
    [
        (".netrc", b"machine a login\n", None),
        (".netrc", b'machine a\npassword "x\n', 2),
        (".netrc", b"login x", 1),
        (".netrc", b"machine a\nmachine a\n", 2),
        (".netrc", b"machine a login b\nuser c\n", 2),
        (".gitconfig", b"[a]\nb = 1\n[a \"b\"]\nc = 1\n", 4),
        (".gitconfig", b"[a \"b\"]\nc = 1\n[a]\nb = 1\n", 4),
        (".gitconfig", b"a = 1\n", 1),
        (".gitconfig", b"[a]\n1b = 1\n", 2),
        (".gitconfig", b"[a]\nb = \"x\n", 2),
        (".gitconfig", b"[a]\nb = \\x\n", 2),
        (".gitconfig", b"[a]\nb = 1\0\n", 2),
        (".gitconfig", b"[a\n", 1),
    ],
)  # fmt: skip
def test_what_is_broken_is_said_with_its_line(path: str, data: bytes, line: int | None) -> None:
    with pytest.raises(ParseError) as caught:
        parse(path, data)
    assert line is None or caught.value.line == line


GIT_TEXTS = [
    '[a]b=1\n[a "B"]c=2 # x\n[a.D]e = "x;y" ; z\n',
    '[a]\n\tb = x  y \n\tc = " x "\n\td = a"b"c\n\te =\n\tf\n',
    '[a]\n\tb = 1 \\\n  2\n\tc = \\t\\n\\b\\\\\\"\n\td = x\\\n',
    '[a "x\\"y\\\\z"]\n\tb = 1\n[A "x"]\n\tB-c = 2\n',
    "[a]\r\n\tb = 1\r\n\tc = 2 ; d\r\n",
    "\ufeff[a]\n# [b]\n; c = 1\nb = [x]\n",
    '[a] b = 1\n c = "unclosed\\\n more"\n',
    '[a]\n\tb = 1 "\n',
    "[a]\n\tb c = 1\n",
    "[a ]\n\tb = 1\n",
    '[a "b" ]\n\tb = 1\n',
    "[a]\n\tb # c\n",
    "[a_b]\n\tc = 1\n",
    "[a]\n\tb = \\q\n",
    "[a]\n\t-b = 1\n",
]


@pytest.mark.parametrize("text", GIT_TEXTS)
def test_git_reads_the_same(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config"
    path.write_bytes(text.encode())
    done = subprocess.run(["git", "config", "--file", path, "--list", "-z"], capture_output=True, check=False)
    try:
        ours = [(".".join(one.path), one.value) for one in settings(text.removeprefix("\ufeff"))]
    except ParseError:
        assert done.returncode != 0
        return
    assert done.returncode == 0, done.stderr
    theirs = [row.partition("\n") for row in done.stdout.decode().split("\0")[:-1]]
    assert ours == [(key, value if newline else True) for key, newline, value in theirs]


@pytest.mark.parametrize(
    ("path", "data", "key", "place"),
    [
        ("/h/.kube/config", KUBE, "current-context", (3, 1)),
        ("/h/.aws/config", AWS, '"sso-session work".sso_region', (10, 1)),
        ("/h/.aws/config", AWS, '"profile staging".s3.max_concurrent_requests', (8, 5)),
        (".npmrc", NPMRC, '"@acme:registry"', (2, 1)),
        (".gitconfig", GITCONFIG, "remote.origin.url", (4, 2)),
        (".gitconfig", GITCONFIG, "remote.upstream.url", None),
        ("pyproject.toml", PYPROJECT, "project.requires-python", (3, 1)),
        ("x.yaml", DOCUMENTS, "port", None),
        (".env", b"A=1\nexport B=2\n", "B", (2, 8)),
        ("x.toml", b"a = [\n", "a", None),
    ],
)
def test_a_key_is_located(path: str, data: bytes, key: str, place: tuple[int, int] | None) -> None:
    assert line_of(path, data.decode(), parse_key(f"file:x#{key}").path) == place
