"""keybound keys: what can be bound from here, with value and origin; and the same in completion and in the dialog."""

import json
import time
from pathlib import Path

import pytest

from keybound.custody.context.context import Context
from keybound.custody.planning.suggest import suggest
from keybound.custody.tokens.binding_text import parse_bind
from support.programs_at_hand import needed
from support.staging import Run

PROFILE = """schema = 1
[settings]
region = "eu-west-1"
replicas = 3
"odd key" = true
[flags]
beta = false
[files]
app = "~/app.json"
"""


@pytest.fixture
def staged(keybound: Run, profiles: Path, home: Path) -> Path:
    assert keybound("init").returncode == 0
    (profiles / "staging.toml").write_text(PROFILE)
    assert keybound("use", "staging").returncode == 0
    (home / "app.json").write_text(
        json.dumps(
            {
                "hosts": [{"name": "a b", "port": 1}, {"name": "c", "port": 2}],
                "api_token": "hush-hush",
                "odd": [None, 1.5, ["a", 2], {"x": []}],
                "none": None,
                "many": ["a", "b"],
            },
            indent=1,
        )
    )
    (home / ".npmrc").write_text("@acme:registry=https://npm.acme.example/\nregistry=https://u:hush-hush@r.example/\n")
    (home / ".kube").mkdir()
    (home / ".kube" / "config").write_text(
        "current-context: dev\ncontexts:\n- name: dev\n  context: {cluster: c}\nclusters:\n- name: c\n  cluster: {server: https://k}\n"
    )
    return profiles / "staging.toml"


def listed(keybound: Run, *words: str, **more: str) -> dict[str, tuple[object, str]]:
    done = keybound("keys", *words, "--json", more=more)
    assert done.returncode == 0, done.stderr
    assert b"hush" not in done.stdout
    return {row["key"]: (row["value"], row["origin"]) for row in json.loads(done.stdout)}


def test_each_key_has_its_value_and_where_that_comes_from(keybound: Run, staged: Path, home: Path) -> None:
    needed("npm")
    found = listed(keybound, AWS_PROFILE="default", DATABASE_URL="postgres://me:hush-hush@db/x")
    assert found["settings.region"] == ("eu-west-1", f"{staged}:3")
    assert found["settings.replicas"][0] == 3
    assert found['settings."odd key"'] == (True, f"{staged}:5")
    assert found["flags.beta"][0] is False
    assert found["file:app#hosts[name=a b].port"][0] == 1
    assert found["file:app#api_token"][0] == {"hidden": True}
    assert found["kube:context"] == ("dev", f"{home}/.kube/config:1")
    assert found["kube:server"] == ("https://k", f"{home}/.kube/config:7")
    assert found['npm:"@acme:registry"'] == ("https://npm.acme.example/", f"{home}/.npmrc:1")
    assert found["npm:registry"] == ({"hidden": True}, f"{home}/.npmrc:2")
    assert found["env:DATABASE_URL"] == ({"hidden": True}, "DATABASE_URL")
    assert found["terraform:workspace"] == ("default", "default")
    assert found["aws:profile"][0] is None
    assert "unreadable: AWS_PROFILE names default" in found["aws:profile"][1]
    assert found["docker:context"][0] == "default"
    assert found["git:branch"][0] is None
    assert not any(key.startswith("env:KEYBOUND") for key in found)


def test_every_key_that_is_listed_can_be_bound(keybound: Run, staged: Path) -> None:
    given = [word for key in listed(keybound) for word in ("--bind", f"{key} exists=true outside=warn")]
    done = keybound("add", "staging/t", "--env", "TT", "--yes", *given, given=b"canary-value\n")
    assert done.returncode == 0, done.stderr


def test_a_prefix_narrows_the_list_and_reads_nothing_else(keybound: Run, staged: Path) -> None:
    assert set(listed(keybound, "kube:")) == {
        f"kube:{part}" for part in ("context", "cluster", "server", "user", "namespace")
    }
    assert set(listed(keybound, "settings.re")) == {"settings.region", "settings.replicas"}
    done = keybound("keys", "nothing:")
    assert (done.returncode, done.stdout) == (0, b"No key begins with nothing:\n")
    text = keybound("keys").stdout.decode()
    groups = [line for line in text.splitlines() if line and line[0] != " "]
    assert groups[:4] == ["profile:", "files:", "git:", "kube:"]
    assert groups[-1] == "this shell:"
    assert "~/.kube/config:1" in text


def test_without_a_profile_the_rest_is_listed(keybound: Run, environ: dict[str, str]) -> None:
    found = listed(keybound)
    assert found["docker:host"] == ("unix:///var/run/docker.sock", "default")
    assert not any(key.startswith(("settings.", "file:")) for key in found)


def test_a_large_file_is_looked_into_where_it_is_named(keybound: Run, staged: Path, home: Path) -> None:
    (home / "app.json").write_text(json.dumps({f"k{number}": number for number in range(9000)}))
    done = keybound("keys")
    assert b"file:app#k1 " not in done.stdout
    assert b"file:app has more values: keybound keys file:app#" in done.stderr
    assert len(listed(keybound, "file:app#")) == 9000


def test_a_large_kubeconfig_is_listed_quickly(keybound: Run, staged: Path, home: Path) -> None:
    names = range(2000)
    (home / ".kube" / "config").write_text(
        "current-context: n7\ncontexts:\n"
        + "".join(f"- name: n{one}\n  context: {{cluster: n{one}, user: n{one}}}\n" for one in names)
        + "clusters:\n"
        + "".join(f"- name: n{one}\n  cluster: {{server: https://n{one}, data: {'A' * 400}}}\n" for one in names)
        + "users:\n"
        + "".join(f"- name: n{one}\n  user: {{token: x}}\n" for one in names)
    )
    begun = time.monotonic()
    assert listed(keybound, "kube:server")["kube:server"][0] == "https://n7"
    assert time.monotonic() - begun < 8  # some 0.7 s on a quiet machine; twice parsed would be far more


def test_completion_and_the_dialog_offer_the_same(
    keybound: Run, staged: Path, environ: dict[str, str], home: Path
) -> None:
    needed("npm")
    assert b"kube:context\n" in keybound("complete", "--", "bind", "staging/x", "kube:").stdout
    assert b"gh:host\n" in keybound("complete", "--", "keys", "gh").stdout
    offers = {one.key: one for one in suggest(Context(environ, str(home)), "staging")}
    for one in offers.values():
        assert parse_bind(one.bind)[0] == one.key
    assert offers["kube:context"].bind == 'kube:context equals="dev" outside=suspend'
    assert not offers["kube:context"].likely
    assert offers['npm:"@acme:registry"'].rule == "= https://npm.acme.example/"
    assert offers["file:app#hosts[name=a b].port"].bind == "file:app#hosts[name=a b].port equals=1 outside=expire"
    for hidden in ("file:app#api_token", "npm:registry"):  # the second holds a password
        assert offers[hidden].bind.startswith(f"{hidden} unchanged=true ")
        assert (offers[hidden].rule, offers[hidden].value) == ("unchanged", "••••••")
    assert offers["cwd"].bind == f'cwd under="{home}" outside=suspend'
    assert offers["kube:context"].value == "dev"
    assert offers["file:app#hosts[name=a b].port"].origin.startswith("~/")
    assert "kube:user" not in offers  # it has no value
