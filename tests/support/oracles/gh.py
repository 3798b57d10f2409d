"""gh: the host that ``api`` would ask, and ``config get user``."""

import re
from pathlib import Path
from random import Random

from support.oracles.base import NOTHING, REFUSED, Answers, Oracle, Setting, new_home, put, run

_USERS = ("octo", "hubot", '"42"')
_HOSTS = ("github.com", "ghe.example", "git.corp.example")


def _hosts(random: Random) -> str:
    if random.random() < 0.05:
        return random.choice(("", "\n", "a: [\n"))
    lines = []
    for host in random.sample(_HOSTS, random.choice((1, 1, 2, 3))):
        lines += [
            f"{host}:",
            f"    oauth_token: token-of-{host}",
            f"    git_protocol: {random.choice(('https', 'ssh'))}",
        ]
        if random.random() < 0.85:
            lines.append(f"    user: {random.choice(_USERS)}")
    return "\n".join([*lines, ""])


def make(random: Random, folder: Path) -> Setting:
    """hosts.yml at its places; each variable set, empty, or not; a token in a variable now and then."""
    setting = new_home(folder)
    home, environ = setting.home, setting.environ
    for place in (home / ".config/gh", home / "xdg/gh", home / "gh", setting.cwd / "rel"):
        if random.random() < 0.75:
            put(place / "hosts.yml", _hosts(random), random)
    for name, chance, values in (
        ("GH_HOST", 0.3, (*_HOSTS, "")),
        ("GH_CONFIG_DIR", 0.3, (str(home / "gh"), "rel", "")),
        ("XDG_CONFIG_HOME", 0.3, (str(home / "xdg"), "")),
        ("GH_TOKEN", 0.08, ("token-in-variable",)),
        ("GITHUB_ENTERPRISE_TOKEN", 0.08, ("token-in-variable",)),
    ):
        if random.random() < chance:
            environ[name] = random.choice(values)
    return setting


def ask(program: str, setting: Setting) -> Answers:
    """The host that it would ask, through a proxy that is not there; not told where it knows of none. Its user there."""
    nowhere = {"HTTPS_PROXY": "http://127.0.0.1:1", "GH_DEBUG": "api", "GH_NO_UPDATE_NOTIFIER": "1"}
    done = run(setting._replace(environ={**setting.environ, **nowhere}), program, "api", "user", timeout=20)
    asked = re.search(r"Request to https://([^/]+)/", done.stderr)
    if asked is None:
        broken = "yaml" in done.stderr or "invalid" in done.stderr
        return dict.fromkeys(KEYS, REFUSED) if broken and "GH_HOST" not in setting.environ else {}
    host = "github.com" if asked[1] == "api.github.com" else asked[1]
    in_variable = setting.environ.get("GH_TOKEN" if host == "github.com" else "GITHUB_ENTERPRISE_TOKEN")
    user = run(setting, program, "config", "get", "-h", host, "user").stdout.strip()
    return {"gh:host": host, "gh:user": REFUSED if in_variable else user or NOTHING}


KEYS = ("gh:host", "gh:user")
ORACLE = Oracle("gh", KEYS, make, ask, usual=25)
