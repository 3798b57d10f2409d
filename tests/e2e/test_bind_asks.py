"""bind and add on a reading that is outside now: said, asked about, and nothing is changed without a yes."""

import tomllib
from pathlib import Path

import pytest

from support.staging import Run

SECRET = b"s3cr3t"


@pytest.fixture
def profile(keybound: Run, profiles: Path) -> Path:
    assert keybound("init").returncode == 0
    path = profiles / "default.toml"
    path.write_text('schema = 1\n[settings]\nport = "8080"\nregion = "eu"\n')
    assert keybound("add", "default/github", "--env", "GH", given=SECRET).returncode == 0
    return path


def test_a_binding_that_would_expire_the_token_is_refused_without_yes(keybound: Run, profile: Path) -> None:
    before = profile.read_bytes()
    done = keybound("bind", "default/github", "settings.zone", "equals=eu")
    assert (done.returncode, profile.read_bytes()) == (1, before)
    said = done.stderr.decode()
    assert "settings.zone is absent, bound to eu: default/github would expire at once" in said
    assert "--yes" in said
    assert b"active" in keybound("list").stdout


def test_with_yes_it_is_made(keybound: Run, profile: Path) -> None:
    assert keybound("bind", "default/github", "settings.zone", "equals=eu", "--yes").returncode == 0
    assert "zone" in profile.read_text()
    assert b"expired" in keybound("list").stdout


@pytest.mark.parametrize(
    ("rules", "would"),
    [
        (["equals=us", "outside=warn"], "would stay usable, with a warning"),
        (["equals=us", "outside=suspend"], "would be withheld until it is inside"),
        (["equals=us", "grace=1h"], "would expire after its grace"),
    ],
)
def test_every_reaction_is_said(keybound: Run, profile: Path, rules: list[str], would: str) -> None:
    done = keybound("bind", "default/github", "settings.region", *rules)
    assert (done.returncode, would in done.stderr.decode()) == (1, True), done.stderr


def test_what_is_inside_is_not_asked_about(keybound: Run, profile: Path) -> None:
    assert keybound("bind", "default/github", "settings.region", "equals=eu").returncode == 0
    assert b"active" in keybound("list").stdout


def test_the_form_of_add_in_one_argument(keybound: Run, profile: Path) -> None:
    assert keybound("bind", "default/github", "settings.region equals=eu outside=suspend").returncode == 0
    assert '"settings.region" = { equals = "eu", outside = "suspend" }' in profile.read_text()


def test_add_asks_before_the_secret_is_taken(keybound: Run, profile: Path) -> None:
    before = profile.read_bytes()
    words = ("add", "default/npm", "--env", "NPM", "--bind", "settings.region equals=us")
    done = keybound(*words, given=SECRET)
    assert (done.returncode, profile.read_bytes()) == (1, before)
    assert "default/npm would expire at once" in done.stderr.decode()
    assert b"npm" not in keybound("list", "--json").stdout
    assert keybound(*words, "--yes", given=SECRET).returncode == 0


@pytest.mark.parametrize("verb", ["bind", "add"])
@pytest.mark.parametrize(
    ("binding", "said"),
    [
        ("settings.region matches=[", "is not a valid regular expression"),
        ("file:nope#a exists=true", "[files] has no file named nope"),
        ("settings.region min={pep440=\"x y\"}", "is not a PEP 440 version"),
        ("settings.region one_of=staging,dev", 'one_of=["staging", "dev"]'),
        ("settings.region includes=a", 'includes=["a"]'),
        ("settings.region", "a boundary needs a rule"),
        ("nothing.region equals=1", "unknown key"),
        ("file:~you/x equals=1", "Start it with ~/ or /"),
    ],
)  # fmt: skip
def test_what_can_never_hold_is_an_error(keybound: Run, profile: Path, verb: str, binding: str, said: str) -> None:
    before = profile.read_bytes()
    words = (
        ("bind", "default/github", binding) if verb == "bind" else ("add", "default/b", "--env", "B", "--bind", binding)
    )
    done = keybound(*words, given=SECRET)
    assert (done.returncode, profile.read_bytes()) == (2, before), done.stderr
    assert said in done.stderr.decode()


def test_a_text_that_looks_like_a_number_is_quoted(keybound: Run, profile: Path) -> None:
    done = keybound("bind", "default/github", "settings.port", "equals=8080")
    assert 'settings.port is "8080", bound to 8080' in done.stderr.decode()


def test_a_file_by_its_path_gets_a_name(keybound: Run, profile: Path, home: Path, tmp_path: Path) -> None:
    for path, text in {".kube/config": "current-context: staging\n", ".npmrc": "registry=https://r.example\n"}.items():
        (home / path).parent.mkdir(exist_ok=True)
        (home / path).write_text(text)
    done = keybound("bind", "default/github", "file:~/.kube/config#current-context", "equals=staging")
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode().splitlines() == [
        "added to [files]: kube = ~/.kube/config",
        "default/github is bound to file:kube#current-context",
    ]
    assert 'kube = "~/.kube/config"' in profile.read_text()
    again = keybound("bind", "default/github", f"file:{home}/.kube/config#current-context", "one_of=['staging']")
    assert again.stdout.decode().splitlines() == ["default/github is bound to file:kube#current-context"]
    (tmp_path / "config").write_text("[a]\nb = 1\n")
    words = ("--bind", "file:./config unchanged=true", "--bind", "file:~/.npmrc#registry exists=true")
    done = keybound("add", "default/npm", "--env", "NPM", *words, given=SECRET)
    assert done.returncode == 0, done.stderr
    files = tomllib.loads(profile.read_text())["files"]
    assert sorted(files.values()) == sorted(["~/.kube/config", "~/.npmrc", str(tmp_path / "config")])
    assert files["npmrc"] == "~/.npmrc"
    assert keybound("unbind", "default/github", "file:~/.kube/config#current-context").returncode == 0
    assert "file:kube" not in profile.read_text()


def test_a_bare_name_is_a_token_of_the_profile_in_use(keybound: Run, profile: Path) -> None:
    done = keybound("bind", "github", "settings.region", "equals=eu")
    assert done.stdout == b"default/github is bound to settings.region\n"
    assert b"default/npm is stored" in keybound("add", "npm", "--env", "NPM", given=SECRET).stdout
    assert b"default/github" in keybound("show", "github").stdout
    assert b"no such token: default/nosuch" in keybound("why", "nosuch").stderr
    assert b"default/npm is removed" in keybound("remove", "npm", "--yes").stdout
