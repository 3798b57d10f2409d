"""git keys, compared with git itself; and folders that only claim to be a repository."""

import os
import subprocess
from pathlib import Path

import pytest

from keybound.domain.values.keys import parse_key
from keybound.domain.values.readings import Absent, Found, Reading, Unreadable
from keybound.sources.files.snapshot import Snapshot
from keybound.sources.git.git_keys import GitReader


class AppService:
    """A home of its own, real git in it, and our reading beside it."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.home = self.root / "home"
        self.home.mkdir()
        self.environ = {"HOME": str(self.home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        self.write(self.home / ".gitconfig", "[user]\n name = N\n email = n@home\n[init]\n defaultBranch = main\n")

    def write(self, path: Path, text: str) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def git(self, folder: Path, *arguments: str, fails: bool = False) -> str:
        done = subprocess.run(
            ["git", "-c", "protocol.file.allow=always", *arguments]
            if "submodule" in arguments
            else ["git", *arguments],
            cwd=folder,
            env=self.environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode != 0) is fails, done.stderr
        return done.stdout.removesuffix("\n")

    def repository(self, name: str = "repo") -> Path:
        folder = self.root / name
        folder.mkdir(parents=True)
        self.git(folder, "init", "-q")
        self.git(folder, "commit", "-q", "--allow-empty", "-m", "one")
        return folder

    def read(self, folder: Path, key: str, *, uid: int | None = None, snapshot: Snapshot | None = None) -> Reading:
        name = parse_key(key).name
        return GitReader(
            self.environ,
            str(folder),
            os.getuid() if uid is None else uid,
            snapshot or Snapshot(),
            str(self.root / "etc"),
        ).read(name)


@pytest.fixture
def service(tmp_path: Path) -> AppService:
    return AppService(tmp_path)


def test_branch_is_what_git_says(service: AppService) -> None:
    repo = service.repository()
    (repo / "a" / "b").mkdir(parents=True)
    for branch in ("main", "topic/a.b"):
        if branch != "main":
            service.git(repo, "checkout", "-q", "-b", branch)
        assert service.read(repo / "a" / "b", "git:branch") == Found(service.git(repo, "branch", "--show-current"))
    service.git(repo, "checkout", "-q", "--detach")
    assert service.git(repo, "branch", "--show-current") == ""
    assert isinstance(service.read(repo, "git:branch"), Absent)
    unborn = service.root / "unborn"
    unborn.mkdir()
    service.git(unborn, "init", "-q")
    assert service.read(unborn, "git:branch") == Found("main")


def test_packed_references_change_nothing(service: AppService) -> None:
    repo = service.repository()
    service.git(repo, "pack-refs", "--all")
    assert service.read(repo, "git:branch") == Found("main")


def test_no_repository_is_absent_and_has_the_users_own_configuration(service: AppService) -> None:
    folder = service.root / "plain"
    folder.mkdir()
    assert isinstance(service.read(folder, "git:branch"), Absent)
    assert isinstance(service.read(folder, "git:remote.origin.url"), Absent)
    assert service.read(folder, "git:config.user.email") == Found(service.git(folder, "config", "user.email"))


def test_a_linked_worktree_has_its_own_branch_and_configuration(service: AppService) -> None:
    repo = service.repository()
    tree = service.root / "tree"
    service.git(repo, "worktree", "add", "-q", "-b", "side", str(tree))
    service.git(repo, "config", "extensions.worktreeConfig", "true")
    service.git(tree, "config", "--worktree", "user.email", "tree@x")
    for folder in (repo, tree):
        assert service.read(folder, "git:branch") == Found(service.git(folder, "branch", "--show-current"))
        assert service.read(folder, "git:config.user.email") == Found(service.git(folder, "config", "user.email"))
    assert service.read(tree, "git:config.user.email") == Found("tree@x")
    service.git(repo, "config", "extensions.worktreeConfig", "false")
    assert (
        service.read(tree, "git:config.user.email")
        == Found(service.git(tree, "config", "user.email"))
        == Found("n@home")
    )


def test_a_worktree_of_a_bare_repository(service: AppService) -> None:
    source = service.repository()
    bare = service.root / "bare.git"
    service.git(service.root, "clone", "-q", "--bare", str(source), str(bare))
    service.git(bare, "worktree", "add", "-q", str(service.root / "wt"), "main")
    assert service.read(service.root / "wt", "git:branch") == Found("main")
    assert service.read(service.root / "wt", "git:remote.origin.url") == Found(str(source))
    for folder in (bare, bare / "refs", source / ".git"):
        assert isinstance(service.read(folder, "git:branch"), Unreadable)


def test_a_submodule_is_a_repository_of_its_own(service: AppService) -> None:
    inner, outer = service.repository("inner"), service.repository("outer")
    service.git(outer, "submodule", "--quiet", "add", str(inner), "sub")
    service.git(outer / "sub", "checkout", "-q", "-b", "in-sub")
    assert service.read(outer / "sub", "git:branch") == Found("in-sub")
    assert service.read(outer, "git:branch") == Found("main")
    assert service.read(outer / "sub", "git:remote.origin.url") == Found(str(inner))


def forged_file(service: AppService, target: Path, fake: Path) -> None:
    service.write(fake / ".git", f"gitdir: {target / '.git'}\n")


def forged_link(service: AppService, target: Path, fake: Path) -> None:
    (fake / ".git").symlink_to(target / ".git")


def forged_worktree(service: AppService, target: Path, fake: Path) -> None:
    """A `.git` file that names a worktree's folder which belongs to another worktree."""
    service.git(target, "worktree", "add", "-q", str(service.root / "real"), "-b", "real")
    forged = target / ".git" / "worktrees" / "real"
    service.write(fake / ".git", f"gitdir: {forged}\n")


def forged_common(service: AppService, target: Path, fake: Path) -> None:
    """A git folder of its own whose `commondir` points at another repository."""
    service.git(fake, "init", "-q")
    service.write(fake / ".git" / "commondir", f"{target / '.git'}\n")


def forged_own_worktree(service: AppService, target: Path, fake: Path) -> None:
    """A worktree's folder made by hand outside the repository, whose `gitdir` does lead back."""
    own = fake / "meta"
    service.write(own / "commondir", f"{target / '.git'}\n")
    service.write(own / "HEAD", "ref: refs/heads/main\n")
    service.write(own / "gitdir", f"{fake / '.git'}\n")
    service.write(fake / ".git", f"gitdir: {own}\n")


def broken_file(service: AppService, target: Path, fake: Path) -> None:
    service.write(fake / ".git", "nonsense\n")


def no_head(service: AppService, target: Path, fake: Path) -> None:
    (fake / ".git").mkdir()


@pytest.mark.parametrize(
    "forge",
    [forged_file, forged_link, forged_worktree, forged_common, forged_own_worktree, broken_file, no_head],
    ids=lambda forge: str(forge.__name__),
)
def test_a_folder_that_only_claims_to_be_a_repository_is_none(service: AppService, forge: object) -> None:
    target = service.repository()
    service.git(target, "remote", "add", "origin", "https://good.example/x")
    fake = service.root / "fake"
    fake.mkdir()
    assert callable(forge)
    forge(service, target, fake)
    for key in ("git:branch", "git:remote.origin.url", "git:config.user.email"):
        assert isinstance(service.read(fake, key), Unreadable), key


def test_variables_that_point_elsewhere_are_ignored(service: AppService) -> None:
    target = service.repository()
    service.git(target, "remote", "add", "origin", "https://good.example/x")
    plain = service.root / "plain"
    plain.mkdir()
    service.environ |= {"GIT_DIR": str(target / ".git"), "GIT_WORK_TREE": str(target)}
    assert isinstance(service.read(plain, "git:branch"), Absent)
    assert isinstance(service.read(plain, "git:remote.origin.url"), Absent)


@pytest.mark.parametrize(
    "name", ["GIT_CONFIG_GLOBAL", "GIT_CONFIG_COUNT", "GIT_CONFIG_PARAMETERS", "GIT_CONFIG_NOSYSTEM"]
)
def test_configuration_by_variable_is_said_to_be_unread(service: AppService, name: str) -> None:
    repo = service.repository()
    service.environ[name] = "1"
    assert isinstance(service.read(repo, "git:config.user.email"), Unreadable)
    assert isinstance(service.read(repo, "git:remote.origin.url"), Unreadable)
    assert service.read(repo, "git:branch") == Found("main")


def test_a_repository_of_another_user_is_not_believed(service: AppService) -> None:
    repo = service.repository()
    stranger = os.getuid() + 1
    assert isinstance(service.read(repo, "git:branch", uid=stranger), Unreadable)
    service.git(repo, "config", "safe.directory", str(repo))  # a repository cannot vouch for itself
    assert isinstance(service.read(repo, "git:branch", uid=stranger), Unreadable)
    service.git(repo, "config", "--global", "safe.directory", str(repo))
    assert service.read(repo, "git:branch", uid=stranger) == Found("main")
    service.git(repo, "config", "--global", "--add", "safe.directory", "")
    assert isinstance(service.read(repo, "git:branch", uid=stranger), Unreadable)


INCLUDES = {
    "include, relative": ("[include]\n path = more", "[user]\n email = more@x"),
    "include, home": ("[include]\n path = ~/more", "[user]\n email = more@x"),
    "gitdir, folder": ('[includeIf "gitdir:~/work/"]\n path = more', "[user]\n email = more@x"),
    "gitdir, elsewhere": ('[includeIf "gitdir:~/other/"]\n path = more', "[user]\n email = more@x"),
    "gitdir, bare word": ('[includeIf "gitdir:work/"]\n path = more', "[user]\n email = more@x"),
    "gitdir, dot": ('[includeIf "gitdir:./work/"]\n path = more', "[user]\n email = more@x"),
    "gitdir, star": ('[includeIf "gitdir:~/w*/re?o/.git"]\n path = more', "[user]\n email = more@x"),
    "gitdir, star is one folder": ('[includeIf "gitdir:~/*/.git"]\n path = more', "[user]\n email = more@x"),
    "gitdir, stars": ('[includeIf "gitdir:~/**/.git"]\n path = more', "[user]\n email = more@x"),
    "gitdir, stars for nothing": ('[includeIf "gitdir:~/work/**/repo/.git"]\n path = more', "[user]\n email = more@x"),
    "gitdir, stars in a word": ('[includeIf "gitdir:~/w**/.git"]\n path = more', "[user]\n email = more@x"),
    "gitdir, case": ('[includeIf "gitdir:~/WORK/"]\n path = more', "[user]\n email = more@x"),
    "gitdir/i": ('[includeIf "gitdir/i:~/WORK/"]\n path = more', "[user]\n email = more@x"),
    "onbranch": ('[includeIf "onbranch:ma*"]\n path = more', "[user]\n email = more@x"),
    "onbranch, folder": ('[includeIf "onbranch:main/"]\n path = more', "[user]\n email = more@x"),
    "hasconfig": ('[includeIf "hasconfig:remote.*.url:https://*/acme/**"]\n path = more', "[user]\n email = more@x"),
    "hasconfig, no": ('[includeIf "hasconfig:remote.*.url:https://x/**"]\n path = more', "[user]\n email = more@x"),
    "overridden after": ("[include]\n path = more\n[user]\n email = after@x", "[user]\n email = more@x"),
    "missing": ("[include]\n path = nowhere", ""),
}


@pytest.mark.parametrize("case", INCLUDES)
def test_includes_lead_where_git_says(service: AppService, case: str) -> None:
    repo = service.repository("home/work/repo")
    service.git(repo, "remote", "add", "origin", "https://git.example/acme/x")
    top, more = INCLUDES[case]
    with (service.home / ".gitconfig").open("a") as file:
        file.write(top)
    service.write(service.home / "more", more)
    assert service.read(repo, "git:config.user.email") == Found(service.git(repo, "config", "user.email"))


@pytest.mark.parametrize(
    "text",
    [
        '[includeIf "weather:rain"]\n path = more',
        '[includeIf "gitdir:~/[w]ork/"]\n path = more',
        "[include]\n path = ~root/more",
        "[include]\n path = .gitconfig",
        "[include]\n path = folder",
        "[user\n",
    ],
)
def test_what_is_not_followed_is_unreadable(service: AppService, text: str) -> None:
    repo = service.repository()
    (service.home / "folder").mkdir()
    with (service.home / ".gitconfig").open("a") as file:
        file.write(text)
    assert isinstance(service.read(repo, "git:config.user.email"), Unreadable)


@pytest.mark.parametrize(
    "more", ['[remote "x"]\n url = https://x.example/y', "[user\n"], ids=["a remote's url", "what is no configuration"]
)
@pytest.mark.parametrize(
    "url", ["https://git.example/acme/x", "https://other.example/x"], ids=["holds", "does not hold"]
)
def test_what_a_condition_on_remotes_includes_is_read_in_any_case(service: AppService, url: str, more: str) -> None:
    repo = service.repository()
    service.git(repo, "remote", "add", "origin", url)
    with (service.home / ".gitconfig").open("a") as file:
        file.write('[includeIf "hasconfig:remote.*.url:https://git.example/**"]\n path = more\n')
    service.write(service.home / "more", more)
    service.git(repo, "config", "user.email", fails=True)
    assert isinstance(service.read(repo, "git:config.user.email"), Unreadable)


@pytest.mark.parametrize(
    ("name", "times", "why"), [(".gitconfig", 1, "10 levels deep"), ("more", 250, "over 200 files"), ("more", 100, "")]
)
def test_includes_without_end_are_said(service: AppService, name: str, times: int, why: str) -> None:
    service.write(service.home / "more", "[user]\n email = more@x\n")
    with (service.home / ".gitconfig").open("a") as file:
        file.write("[include]\n" + f" path = {name}\n" * times)
    found = service.read(service.home, "git:config.user.email")
    assert why in found.why if isinstance(found, Unreadable) else (found, why) == (Found("more@x"), "")


def test_layers_win_in_gits_order(service: AppService) -> None:
    repo = service.repository()
    layers = {
        service.root / "etc": "etc",
        service.home / ".config/git/config": "xdg",
        service.home / ".gitconfig": "home",
        repo / ".git/config": "repo",
    }
    for path, name in layers.items():
        with service.write(path, path.read_text() if path.exists() else "").open("a") as file:
            file.write(f"[a]\n v = {name}\n")
        assert service.read(repo, "git:config.a.v") == Found(name)
        if name != "etc":
            assert service.git(repo, "config", "a.v") == name
    assert service.read(repo, "git:config.A.V") == Found("repo")


def test_remotes_are_where_git_goes(service: AppService) -> None:
    repo = service.repository()
    service.git(repo, "remote", "add", "origin", "https://git.example/acme/x")
    assert service.read(repo, "git:remote.origin.url") == Found(service.git(repo, "remote", "get-url", "origin"))
    service.git(repo, "config", "url.ssh://a@git.example/.insteadOf", "https://git.example/")
    service.git(repo, "config", "url.other:.insteadOf", "https://git")
    assert service.read(repo, "git:remote.origin.url") == Found(service.git(repo, "remote", "get-url", "origin"))
    assert service.read(repo, "git:remote.origin.url") == Found("ssh://a@git.example/acme/x")
    assert isinstance(service.read(repo, "git:remote.upstream.url"), Absent)
    service.git(repo, "remote", "set-url", "--add", "origin", "https://second/")
    assert isinstance(service.read(repo, "git:remote.origin.url"), Unreadable)


def test_what_must_be_looked_at_again_is_noted(service: AppService) -> None:
    repo = service.repository()
    (repo / "a").mkdir()
    snapshot = Snapshot()
    service.read(repo / "a", "git:config.user.email", snapshot=snapshot)
    files = snapshot.files()
    assert files[str(repo / "a" / ".git")] is None
    assert files[str(service.home / ".config/git/config")] is None
    for name in (".git/HEAD", ".git/config"):
        assert files[str(repo / name)] == (repo / name).stat().st_mtime_ns
    assert files[str(service.home / ".gitconfig")] == (service.home / ".gitconfig").stat().st_mtime_ns
