"""Which profile: argument, pin, an allowed project file, a rule by folder or remote, the active one; in this order."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from keybound.custody.context.context import Context
from keybound.custody.profiles.choose_profile import choose
from keybound.domain.profile.config import plain_remote

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
Chosen = Callable[..., tuple[str, str]]


@pytest.fixture
def places(keybound: Run, home: Path, profiles: Path) -> Path:
    """Five profiles, an active one, and a folder to stand in."""
    keybound("init")
    for name in ("active", "pinned", "project", "ruled", "remote"):
        (profiles / f"{name}.toml").write_text("schema = 1\n")
    assert keybound("use", "active").returncode == 0
    work = home / "work"
    (work / "deep" / "er").mkdir(parents=True)
    return work


@pytest.fixture
def chosen(environ: dict[str, str]) -> Chosen:
    """The choice for somebody in a folder, and how it came about."""

    def ask(folder: Path, argument: str | None = None, **more: str) -> tuple[str, str]:
        found = choose(Context({**environ, **more}, str(folder)), argument)
        return found.profile, "; ".join(found.notes) or found.how

    return ask


def git(folder: Path, *arguments: str) -> None:
    config = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main")
    subprocess.run(["git", *config, *arguments], cwd=folder, check=True, capture_output=True)


def test_the_order(keybound: Run, places: Path, profiles: Path, chosen: Chosen) -> None:
    deep = places / "deep" / "er"
    assert chosen(deep)[0] == "active"
    (profiles.parent / "config.toml").write_text('[[use]]\nprofile = "ruled"\nfolder = "~/work/deep"\n')
    assert chosen(deep)[0] == "ruled"
    assert chosen(places)[0] == "active"
    (places / ".keybound.toml").write_text('profile = "project"\n')
    assert chosen(deep) == ("ruled", f"{places}/.keybound.toml is not allowed: keybound allow {places}")
    assert keybound("allow", str(deep)).returncode == 0
    assert chosen(deep) == ("project", f"{places}/.keybound.toml")
    assert chosen(deep, KEYBOUND_PROFILE="pinned")[0] == "pinned"
    assert chosen(deep, "remote", KEYBOUND_PROFILE="pinned")[0] == "remote"


def test_a_changed_project_file_is_not_allowed_and_neither_is_the_same_elsewhere(
    keybound: Run, places: Path, chosen: Chosen
) -> None:
    project = places / ".keybound.toml"
    project.write_text('profile = "project"\n')
    keybound("allow", str(places))
    assert chosen(places)[0] == "project"
    project.write_text('profile = "pinned"\n')
    assert chosen(places)[0] == "active"
    project.write_text('profile = "project"\n')
    assert chosen(places)[0] == "project"
    (places / "deep" / ".keybound.toml").write_text('profile = "project"\n')
    assert chosen(places / "deep")[0] == "active"
    assert keybound("deny", str(places)).returncode == 0
    assert chosen(places)[0] == "active"


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('profile = "project"\nenv = "X"\n', b".keybound.toml:2:1"),
        ('profile = "../x"\n', b".keybound.toml:1:1"),
        ("profile = \n", b".keybound.toml:1:11"),
        ('profile = "nowhere"\n', b"no such profile: nowhere"),
        ("", b".keybound.toml: profile is missing"),
    ],
)
def test_a_bad_project_file_is_said_with_its_line_and_allows_nothing(
    keybound: Run, places: Path, text: str, where: bytes
) -> None:
    (places / ".keybound.toml").write_text(text)
    done = keybound("allow", str(places))
    assert done.returncode in (2, 4)
    assert where in done.stderr


def test_worktrees_of_one_repository_share_an_approval_and_a_denial(
    keybound: Run, places: Path, chosen: Chosen
) -> None:
    repository, tree = places / "repo", places / "tree"
    repository.mkdir()
    (repository / ".keybound.toml").write_text('profile = "project"\n')
    git(repository, "init")
    git(repository, "add", ".")
    git(repository, "commit", "-m", "x")
    git(repository, "worktree", "add", str(tree))
    assert chosen(tree)[0] == "active"
    keybound("allow", str(repository))
    assert chosen(tree)[0] == "project"
    clone = places / "clone"
    git(places, "clone", "-q", str(repository), str(clone))
    assert chosen(clone)[0] == "active"  # another repository with the same content
    keybound("deny", str(tree))
    assert chosen(repository)[0] == "active"


def test_a_rule_by_remote(places: Path, profiles: Path, chosen: Chosen) -> None:
    (profiles.parent / "config.toml").write_text('[[use]]\nprofile = "remote"\nremote = "github.com/acme/*"\n')
    git(places, "init")
    assert chosen(places)[0] == "active"
    git(places, "remote", "add", "origin", "git@github.com:acme/tools.git")
    assert chosen(places / "deep")[0] == "remote"
    git(places, "remote", "set-url", "origin", "https://github.com.evil.example/acme/tools")
    assert chosen(places)[0] == "active"


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("git@github.com:acme/tools.git", "github.com/acme/tools"),
        ("https://user:pw@GitHub.com/acme/tools.git", "github.com/acme/tools"),
        ("ssh://git@github.com:22/acme/tools", "github.com/acme/tools"),
        ("https://evil.example/github.com/acme/x", "evil.example/github.com/acme/x"),
        ("https://github.com@evil.example/acme/x", "evil.example/acme/x"),
        ("/srv/github.com/acme/x", "/srv/github.com/acme/x"),
    ],
)
def test_remotes_are_compared_by_host_and_path(url: str, plain: str) -> None:
    assert plain_remote(url) == plain


def test_a_broken_config_is_said_and_nothing_is_released(keybound: Run, places: Path, profiles: Path) -> None:
    (profiles.parent / "config.toml").write_text('[[use]]\nprofile = "ruled"\n')
    done = keybound("env", "--shell", "bash")
    assert done.returncode == 2
    assert b"config.toml:1:1" in done.stderr
