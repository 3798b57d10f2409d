"""Docker's command line: ``context show`` and ``context inspect``."""

import json
from hashlib import sha256
from pathlib import Path
from random import Random

from support.oracles.base import REFUSED, Answers, Oracle, Setting, new_home, put, run

_NAMES = ("one", "two", "prod.eu-1", "default", "missing", "../x")
_HOSTS = (
    "tcp://1.2.3.4", "tcp://1.2.3.4:99/a", "1.2.3.4:5", "unix:///x/y", "unix://", "ssh://u@h", " tcp://a:1 ", "tcp://",
    "foo://bar", "http://a", "tcp://[::1]:3", ":2375", "host", " ",
)  # fmt: skip


def _store(random: Random, folder: Path) -> None:
    for name in _NAMES[:3]:
        if random.random() < 0.8:
            host = random.choice(("tcp://h:1", "ssh://u@h", "unix:///run/x.sock"))
            meta = {"Name": name, "Metadata": {}, "Endpoints": {"docker": {"Host": host, "SkipTLSVerify": False}}}
            put(folder / "contexts/meta" / sha256(name.encode()).hexdigest() / "meta.json", json.dumps(meta), random)
    if random.random() < 0.8:
        config: dict[str, object] = {"auths": {}}
        if random.random() < 0.8:
            config["currentContext"] = random.choice((*_NAMES[:4], ""))
        put(folder / "config.json", json.dumps(config, indent=random.choice((None, 1))), random)


def make(random: Random, folder: Path) -> Setting:
    """Contexts at the usual place and elsewhere; each variable set, empty, or not."""
    setting = new_home(folder)
    _store(random, setting.home / ".docker")
    _store(random, setting.cwd / "other")
    for name, chance, values in (
        ("DOCKER_HOST", 0.3, (*_HOSTS, "")),
        ("DOCKER_CONTEXT", 0.4, (*_NAMES, "")),
        ("DOCKER_CONFIG", 0.3, ("other", str(setting.cwd / "other"), "/nonexistent", "")),
    ):
        if random.random() < chance:
            setting.environ[name] = random.choice(values)
    return setting


def ask(program: str, setting: Setting) -> Answers:
    """The name, even of a context that is not there (before version 23: of one that is); its host."""
    done = run(setting, program, "context", "inspect", "--format", "{{.Name}} {{.Endpoints.docker.Host}}")
    name, _, host = done.stdout.strip().partition(" ")
    said: dict[str, object] = {"docker:host": REFUSED if done.returncode or not host else host}
    shown = run(setting, program, "context", "show")
    if not shown.returncode and "Usage:" not in shown.stdout + shown.stderr:
        name = shown.stdout.strip()
    elif "" in (setting.environ.get("DOCKER_CONTEXT"), setting.environ.get("DOCKER_HOST")):
        return {}  # which counts as set to such a version
    return said | ({"docker:context": name} if name else {})


ORACLE = Oracle("docker", ("docker:context", "docker:host"), make, ask, usual=25)
