"""git: ``symbolic-ref``, ``ls-remote --get-url``, ``config --get``."""

import subprocess
from pathlib import Path
from random import Random

from support.oracles.base import NOTHING, REFUSED, Answers, Oracle, Setting, new_home, put, run

_BRANCHES = ("main", "feature/x", "größe", "release-1.2", "a.b")
_URLS = ("https://git.example/acme/x", "git@git.example:acme/x.git", "gh:acme/x", "../other", "https://u@git.example/y")


def _quoted(random: Random, value: str) -> str:
    style = random.random()
    if style < 0.6:
        return value
    return f'"{value}"' if style < 0.85 else f'{value[:3]}"{value[3:]}" ; why'


def _config(random: Random, folder: Path, depth: int = 0) -> str:
    blocks = []
    for _ in range(random.choice((0, 1, 1, 2))):
        lines = [f"[{random.choice(('user', 'USER', 'User'))}]"]
        if random.random() < 0.7:
            lines.append(
                f"\t{random.choice(('email', 'Email'))} = {_quoted(random, random.choice(('a@x.example', 'b@y.example')))}"
            )
        if random.random() < 0.3:
            lines.append(
                random.choice(("\tname = A\\\n  B", "\tname =", '\tname = A \\"B\\" # c', "\tname = \tA  B \t"))
            )
        blocks.append("\n".join(lines))
    if random.random() < 0.3:
        blocks.append(f'[remote "origin"]\n\turl = {_quoted(random, random.choice(_URLS))}')
    if random.random() < 0.25:
        blocks.append('[url "https://git.example/"]\n\tinsteadOf = gh:')
    if random.random() < 0.1:
        blocks.append(
            '[url "ssh://git@git.example/"]\n\tinsteadof = https://git.example/\n\tinsteadOf = https://git.example/acme/'
        )
    if depth < 2 and random.random() < 0.35:
        name = f"more{depth}-{random.randint(0, 2)}"
        if random.random() < 0.85:
            put(folder / name, _config(random, folder, depth + 1), random)
        kind = random.choice(("include", "include", *(f'includeIf "{one}"' for one in _CONDITIONS)))
        blocks.append(f"[{kind}]\n\tpath = {random.choice((name, str(folder / name)))}")
    if random.random() < 0.02:
        blocks.append(random.choice(("[user", "= x", '[user]\n\temail = "a\n')))
    random.shuffle(blocks)
    return random.choice(("\n", "\n", "\r\n")).join([*"\n".join(blocks).split("\n"), ""])


_CONDITIONS = (
    "gitdir:~/work/", "gitdir:~/elsewhere/", "gitdir:project/", "gitdir/i:**/PROJECT/.git", "onbranch:main",
    "onbranch:feature/", "onbranch:feature/**", "hasconfig:remote.*.url:https://git.example/**", "gitdir:/", "onbranch:r*-1.?",
)  # fmt: skip


def make(random: Random, folder: Path) -> Setting:
    """A repository or none, a branch or none; the user's two files, the repository's, a worktree's, and what they include."""
    setting = new_home(folder, GIT_CONFIG_NOSYSTEM="")
    del setting.environ["GIT_CONFIG_NOSYSTEM"]
    home, cwd = setting.home, setting.cwd
    if random.random() < 0.85:
        branch = random.choice(_BRANCHES)
        subprocess.run(["git", "init", "-q", "-b", branch], cwd=cwd, env=setting.environ, check=True)
        with (cwd / ".git" / "config").open("a") as file:
            file.write(_config(random, cwd / ".git"))
            if random.random() < 0.6:
                file.write(f'[remote "origin"]\n\turl = {random.choice(_URLS)}\n')
            if random.random() < 0.3:
                file.write("[extensions]\n\tworktreeConfig = true\n[core]\n\trepositoryformatversion = 1\n")
        if random.random() < 0.3:
            put(cwd / ".git" / "config.worktree", _config(random, cwd / ".git"), random)
        if random.random() < 0.1:
            (cwd / ".git" / "HEAD").write_text("0123456789012345678901234567890123456789\n")
    for path, chance in (
        (home / ".gitconfig", 0.7),
        (home / ".config/git/config", 0.5),
        (home / "xdg/git/config", 0.5),
    ):
        if random.random() < chance:
            path.parent.mkdir(parents=True, exist_ok=True)
            put(path, _config(random, path.parent), random)
    if random.random() < 0.3:
        setting.environ["XDG_CONFIG_HOME"] = random.choice((str(home / "xdg"), ""))
    inner = cwd / "src" / "deep"
    inner.mkdir(parents=True)
    return Setting(home, random.choice((cwd, inner)), setting.environ)


def ask(program: str, setting: Setting) -> Answers:
    """A configuration that git refuses is refused for what it says; the branch is told all the same."""
    branch = run(setting, program, "symbolic-ref", "--short", "-q", "HEAD")
    email = run(setting, program, "config", "--get", "user.email")
    name = run(setting, program, "config", "--get", "user.name")
    if email.returncode not in (0, 1):
        return dict.fromkeys(KEYS[1:], REFUSED)
    urls = run(setting, program, "config", "--get-all", "remote.origin.url").stdout.splitlines()
    inside = not run(setting, program, "rev-parse", "--git-dir").returncode
    used = run(setting, program, "ls-remote", "--get-url", "origin").stdout.rstrip("\n")  # asks nobody
    said: dict[str, object] = {"git:branch": NOTHING if branch.returncode else branch.stdout.rstrip("\n")}
    said["git:remote.origin.url"] = REFUSED if inside and len(urls) > 1 else used if inside and urls else NOTHING
    said["git:config.user.email"] = NOTHING if email.returncode else email.stdout.removesuffix("\n")
    said["git:config.user.name"] = NOTHING if name.returncode else name.stdout.removesuffix("\n")
    return said


KEYS = ("git:branch", "git:remote.origin.url", "git:config.user.email", "git:config.user.name")
ORACLE = Oracle("git", KEYS, make, ask, usual=25)
