"""What comes first for each tool, and what is said to have set the value. Beside it: tests/e2e/test_what_tools_say.py."""

import os
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import pytest

from keybound.domain.values.keys import parse_key
from keybound.domain.values.readings import Absent, Found, Read, Unreadable
from keybound.domain.verdict.wording import origin_words
from keybound.sources.caller import Caller
from keybound.sources.files.snapshot import Snapshot
from keybound.sources.reader import read_keys
from keybound.sources.tools.registry import get_tool


class Place(NamedTuple):
    """A home with a project in it."""

    home: Path
    environ: dict[str, str]

    @property
    def project(self) -> Path:
        return self.home / "work" / "project"

    def write(self, files: Mapping[str, str]) -> None:
        for name, text in files.items():
            path = self.home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def read(self, key: str, **environ: str) -> Read:
        parsed = parse_key(key)
        caller = Caller({**self.environ, **environ}, str(self.project), os.getuid())
        found = read_keys(
            [parsed],
            profile_data={},
            profile_path="",
            profile_changed_ns=None,
            files={},
            caller=caller,
            snapshot=Snapshot(),
        )
        return found[parsed]

    def value(self, key: str, **environ: str) -> tuple[object, str]:
        """The value and what set it, the home as ~; the reason where there is none."""
        read = self.read(key, **environ)
        if not isinstance(read.reading, Found):
            return (None if isinstance(read.reading, Absent) else "?", read.reading.why.replace(str(self.home), "~"))
        assert read.origin is not None
        return read.reading.value, origin_words(read.origin).replace(str(self.home), "~")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    home = tmp_path / "home"
    made = Place(home, {"HOME": str(home), "PATH": f"{home}/bin"})
    made.project.mkdir(parents=True)
    made.write({"lib/npm/bin/npm-cli.js": "", "node/bin/node": "", "env/pyvenv.cfg": "", "env/bin/pip": "#!/x\n"})
    made.write({"sdk/bin/gcloud": "", "sdk/lib/googlecloudsdk/x": ""})
    (home / "bin").mkdir()
    for name, path in (("npm", "lib/npm/bin/npm-cli.js"), ("node", "node/bin/node"), ("gcloud", "sdk/bin/gcloud")):
        (home / path).chmod(0o755)
        (home / "bin" / name).symlink_to(home / path)
    (home / "env/bin/pip").chmod(0o755)
    return Place(home, {**made.environ, "PATH": f"{home}/bin:{home}/env/bin"})


def steps(place: Place, key: str, wanted: Sequence[tuple[Mapping[str, str], Mapping[str, str], object, str]]) -> None:
    """Each step adds files and variables that come before all that is there."""
    environ: dict[str, str] = {}
    for files, variables, value, origin in wanted:
        place.write(files)
        environ |= {name: text.replace("~", str(place.home)) for name, text in variables.items()}
        assert place.value(key, **environ) == (value, origin)


def kubeconfig(context: str, server: str = "") -> str:
    clusters = f"clusters:\n- name: c\n  cluster: {{server: {server}}}\n" if server else ""
    return f"contexts:\n- name: {context}\n  context: {{cluster: c}}\ncurrent-context: {context}\n{clusters}"


def test_kube(place: Place) -> None:
    place.write({"a": kubeconfig("a"), "b": kubeconfig("b", "https://b"), "c": kubeconfig("c", "https://c")})
    steps(
        place,
        "kube:context",
        [
            ({}, {}, None, "no context is in use"),
            ({".kube/config": kubeconfig("usual", "https://u")}, {}, "usual", "~/.kube/config:4"),
            ({}, {"KUBECONFIG": "~/c"}, "c", "KUBECONFIG, ~/c:4"),
            ({}, {"KUBECONFIG": "~/b:~/c"}, "b", "KUBECONFIG, ~/b:4"),
            ({}, {"KUBECONFIG": "~/missing::~/a:~/b:~/c"}, "a", "KUBECONFIG, ~/a:4"),
        ],
    )
    assert place.value("kube:server", KUBECONFIG=f"{place.home}/a:{place.home}/c:{place.home}/b") == (
        "https://c",
        "KUBECONFIG, ~/c:7",
    )
    assert place.value("kube:namespace", KUBECONFIG=f"{place.home}/b") == ("default", "default")
    assert place.value("kube:user", KUBECONFIG=f"{place.home}/b") == (None, "b has no user")
    assert place.value("kube:context", KUBECONFIG=f"{place.home}/a") == ("?", "there is no cluster c")


@pytest.mark.parametrize("name", ["yes", "N", "off", "1", "1_000", "0b1", "0x1F", "1.5", "1e3", "null"])
def test_kubectl_takes_other_words_for_no_name(place: Place, name: str) -> None:
    text = "contexts:\n- name: '{0}'\n  context: {{}}\ncurrent-context: {0}\n"
    place.write(
        {
            "plain": text.format(name),
            "quoted": text.format(name).replace(f"current-context: {name}", f'current-context: "{name}"'),
        }
    )
    plain = place.value("kube:context", KUBECONFIG=f"{place.home}/plain")
    assert plain[0] == (None if name == "null" else "?")
    assert place.value("kube:context", KUBECONFIG=f"{place.home}/quoted")[0] == name


def test_aws(place: Place) -> None:
    config = (
        "[default]\nregion = d\n[profile p]\nregion = p\nservices = s\nendpoint_url = http://own\nsso_session = x\n"
    )
    config += "sso_role_name = r\n[services s]\ns3 =\n  endpoint_url = http://s3\n[sso-session x]\nsso_account_id = 1\n"
    steps(
        place,
        "aws:region",
        [
            ({}, {}, None, "the profile default has no region"),
            ({".aws/config": config}, {}, "d", "~/.aws/config:2"),
            ({}, {"AWS_DEFAULT_PROFILE": "p"}, "p", "AWS_DEFAULT_PROFILE, ~/.aws/config:4"),
            ({".aws/credentials": "[p]\nregion = c\n"}, {}, "c", "AWS_DEFAULT_PROFILE, ~/.aws/credentials:2"),
            ({}, {"AWS_PROFILE": "p"}, "c", "AWS_PROFILE, ~/.aws/credentials:2"),
            ({}, {"AWS_DEFAULT_REGION": "v"}, "v", "AWS_DEFAULT_REGION"),
            (
                {},
                {"AWS_REGION": "w"},
                "?",
                "AWS_REGION and AWS_DEFAULT_REGION differ, and tools disagree on which one counts",
            ),
            ({}, {"AWS_REGION": "v"}, "v", "AWS_REGION"),
        ],
    )
    steps(
        place,
        "aws:s3.endpoint_url",
        [
            ({}, {"AWS_PROFILE": "p"}, "http://s3", "AWS_PROFILE, ~/.aws/config:10"),
            ({}, {"AWS_ENDPOINT_URL": "http://all"}, "http://all", "AWS_ENDPOINT_URL"),
            ({}, {"AWS_ENDPOINT_URL_S3": "http://one"}, "http://one", "AWS_ENDPOINT_URL_S3"),
            ({}, {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}, None, "configured endpoints are ignored"),
        ],
    )
    assert place.value("aws:endpoint_url", AWS_PROFILE="p")[0] == "http://own"
    assert place.value("aws:sso_account_id", AWS_PROFILE="p") == ("1", "AWS_PROFILE, ~/.aws/config:13")
    assert place.value("aws:profile", AWS_PROFILE="q") == ("?", "AWS_PROFILE names q, and there is no such profile")


def test_npm(place: Place) -> None:
    workspace = '{"workspaces": ["project"]}'
    steps(
        place,
        "npm:registry",
        [
            ({}, {}, "https://registry.npmjs.org/", "default"),
            ({"lib/npm/npmrc": "registry=https://own/"}, {}, "https://own/", "~/lib/npm/npmrc:1"),
            ({"node/etc/npmrc": "registry=https://global/"}, {}, "https://global/", "~/node/etc/npmrc:1"),
            ({".npmrc": "\nregistry=https://user/"}, {}, "https://user/", "~/.npmrc:2"),
            ({"work/project/.npmrc": "registry=https://${H}/"}, {"H": "h"}, "https://h/", "~/work/project/.npmrc:1"),
            (
                {
                    "work/package.json": workspace,
                    "work/project/package.json": "{}",
                    "work/.npmrc": "registry=https://root/",
                },
                {},
                "https://root/",
                "~/work/.npmrc:1",
            ),
            ({}, {"NPM_CONFIG_REGISTRY": "https://variable/"}, "https://variable/", "NPM_CONFIG_REGISTRY"),
        ],
    )
    assert place.value('npm:"@a:registry"')[0] == "https://root/"
    assert place.value("npm:registry", npm_config_global="true")[0] == "https://user/"
    (place.home / "bin" / "npm").unlink()
    (place.home / ".npmrc").unlink()
    assert place.value("npm:registry", npm_config_global="true") == ("?", "npm is not on PATH")


def test_docker(place: Place) -> None:
    meta = f".docker/contexts/meta/{sha256(b'one').hexdigest()}/meta.json"
    place.write({meta: '{"Endpoints": {"docker": {"Host": "ssh://one"}}}'})
    steps(
        place,
        "docker:host",
        [
            ({}, {}, "unix:///var/run/docker.sock", "default"),
            ({".docker/config.json": '{\n"currentContext": "one"}'}, {}, "ssh://one", f"~/{meta}"),
            ({}, {"DOCKER_CONTEXT": "two"}, "?", "there is no context two"),
            ({}, {"DOCKER_HOST": "h"}, "tcp://h:2375", "DOCKER_HOST"),
        ],
    )
    assert place.value("docker:context") == ("one", "~/.docker/config.json:2")
    assert place.value("docker:context", DOCKER_CONTEXT="two") == ("two", "DOCKER_CONTEXT")
    assert place.value("docker:context", DOCKER_CONTEXT="two", DOCKER_HOST="h") == ("default", "DOCKER_HOST")


def test_gcloud(place: Place) -> None:
    folder = ".config/gcloud"
    usual, own = (f"{folder}/configurations/config_{name}" for name in ("default", "a"))
    active = {f"{folder}/active_config": "a", own: "[core]\nx=y\nproject = %(x)s"}
    steps(
        place,
        "gcloud:project",
        [
            ({}, {}, None, "no project is set"),
            ({"sdk/properties": "[core]\nproject = all\n"}, {}, "all", "~/sdk/properties:2"),
            ({usual: "[core]\nproject = d"}, {}, "d", f"~/{usual}:2"),
            (active, {}, "y", f"~/{own}:3"),
            ({}, {"CLOUDSDK_ACTIVE_CONFIG_NAME": "default"}, "d", f"CLOUDSDK_ACTIVE_CONFIG_NAME, ~/{usual}:2"),
            ({}, {"CLOUDSDK_CORE_PROJECT": "v"}, "v", "CLOUDSDK_CORE_PROJECT"),
        ],
    )
    assert place.value("gcloud:configuration") == ("a", f"~/{folder}/active_config:1")
    assert place.value("gcloud:project", CLOUDSDK_ACTIVE_CONFIG_NAME="NONE") == ("all", "~/sdk/properties:2")
    place.write({f"{folder}/active_config": "NOT A NAME"})
    assert place.value("gcloud:account")[0] == "?"


def test_terraform(place: Place) -> None:
    steps(
        place,
        "terraform:workspace",
        [
            ({}, {}, "default", "default"),
            ({"work/project/.terraform/environment": " a\n"}, {}, "a", "~/work/project/.terraform/environment:1"),
            ({"data/environment": "b"}, {"TF_DATA_DIR": "~/data"}, "b", "TF_DATA_DIR, ~/data/environment:1"),
            ({}, {"TF_WORKSPACE": "c"}, "c", "TF_WORKSPACE"),
        ],
    )


def test_pip(place: Place) -> None:
    given = {"given": "[global]\nindex-url = https://g"}
    steps(
        place,
        "pip:index-url",
        [
            ({}, {"XDG_CONFIG_DIRS": "~/all"}, "https://pypi.org/simple", "default"),
            ({"all/pip/pip.conf": "[global]\nindex-url = https://all"}, {}, "https://all", "~/all/pip/pip.conf:2"),
            ({".pip/pip.conf": "[global]\nindex-url = https://old"}, {}, "https://old", "~/.pip/pip.conf:2"),
            ({".config/pip/pip.conf": "[global]\nindex_url = https://user"}, {}, "https://user", "~/.config/pip/pip.conf:2"),
            ({"env/pip.conf": "[global]\nindex-url = https://site"}, {}, "https://site", "~/env/pip.conf:2"),
            (given, {"PIP_CONFIG_FILE": "~/given"}, "https://g", "PIP_CONFIG_FILE, ~/given:2"),
            ({"all/pip/pip.conf": "[install]\nindex-url = https://i"}, {}, "https://i", "~/all/pip/pip.conf:2"),
            ({}, {"PIP_INDEX_URL": "https://v"}, "https://v", "PIP_INDEX_URL"),
        ],
    )  # fmt: skip
    assert place.value("pip:extra-index-url", PIP_EXTRA_INDEX_URL="https://a  https://b")[0] == [
        "https://a",
        "https://b",
    ]
    assert place.value("pip:extra-index-url", PIP_CONFIG_FILE="/dev/null") == ([], "default")
    (place.home / "bin" / "pip").write_text("#!/usr/bin/env bash\n")
    (place.home / "bin" / "pip").chmod(0o755)
    assert place.value("pip:index-url") == ("?", "~/bin/pip only stands for pip, so its environment is not known")
    assert place.value("pip:index-url", PIP_INDEX_URL="https://v")[0] == "https://v"


def test_cargo(place: Place) -> None:
    def config(name: str) -> str:
        return f'[registry]\ndefault = "{name}"\n'

    steps(
        place,
        "cargo:registry",
        [
            ({}, {}, "crates-io", "default"),
            ({".cargo/config.toml": config("home")}, {}, "home", "~/.cargo/config.toml"),
            ({"work/.cargo/config.toml": config("above")}, {}, "above", "~/work/.cargo/config.toml"),
            ({"work/project/.cargo/config.toml": config("here")}, {}, "here", "~/work/project/.cargo/config.toml"),
            ({"work/project/.cargo/config": config("old")}, {}, "old", "~/work/project/.cargo/config"),
            ({}, {"CARGO_REGISTRY_DEFAULT": "v"}, "v", "CARGO_REGISTRY_DEFAULT"),
        ],
    )
    place.write({"work/project/.cargo/config": 'include = "x"\n'})
    assert place.value("cargo:registry") == ("?", "~/work/project/.cargo/config: what it includes is not followed")


def test_gh(place: Place) -> None:
    steps(
        place,
        "gh:host",
        [
            ({}, {}, "github.com", "default"),
            ({".config/gh/hosts.yml": "a.example:\n  user: u\n"}, {}, "a.example", "~/.config/gh/hosts.yml:1"),
            ({"x/gh/hosts.yml": "b.example:\n"}, {"XDG_CONFIG_HOME": "~/x"}, "b.example", "~/x/gh/hosts.yml:1"),
            ({"g/hosts.yml": "c.example:\n"}, {"GH_CONFIG_DIR": "~/g"}, "c.example", "GH_CONFIG_DIR, ~/g/hosts.yml:1"),
            ({"g/hosts.yml": "c.example:\nd.example:\n"}, {}, "github.com", "default"),
            ({}, {"GH_HOST": "d.example"}, "d.example", "GH_HOST"),
        ],
    )
    assert place.value("gh:user") == ("u", "~/.config/gh/hosts.yml:2")
    assert place.value("gh:user", GITHUB_TOKEN="x")[0] == "u"  # it is for github.com
    assert place.value("gh:user", GH_ENTERPRISE_TOKEN="x") == (
        "?",
        "GH_ENTERPRISE_TOKEN is set, and whose it is only a.example can tell",
    )


def test_scopes_are_found_for_the_list(place: Place) -> None:
    place.write({".npmrc": "@b:registry=https://b/\n@a:registry=https://a/\n//a/:_authToken=x\n"})
    caller = Caller(place.environ, str(place.project), os.getuid())
    assert list(get_tool("npm")(caller, Snapshot()).more_names()) == ["@a:registry", "@b:registry"]


def test_a_fault_stays_one_however_often_it_is_asked(place: Place) -> None:
    place.write({".npmrc": "", "work/project/.npmrc": "registry=https://p/"})
    (place.home / "bin" / "npm").unlink()
    caller = Caller(place.environ, str(place.project), os.getuid())
    tool = get_tool("npm")(caller, Snapshot())
    for _ in range(2):
        assert isinstance(tool.read("@a:registry").reading, Unreadable)
        assert tool.read("registry").reading == Found("https://p/")
