"""gcloud: ``info``."""

import json
from pathlib import Path
from random import Random

from support.oracles.base import NOTHING, REFUSED, Answers, Oracle, Setting, new_home, put, run

_NAMES = ("default", "staging", "prod-1")


def _properties(random: Random) -> str:
    lines = ["[core]"] if random.random() < 0.95 else ["[compute]"]
    for name in ("account", "project"):
        if random.random() < 0.75:
            value = random.choice(("a@example.com", "b@example.com", "my-project", "x", "%(disable)s", "a%%b"))
            value = value if random.random() < 0.95 else random.choice(("", "50%"))
            lines.append(f"{random.choice((name, name, name.title()))}{random.choice(('=', ' = ', ': '))}{value}")
    lines.append("disable = yes")
    if random.random() < 0.1:
        lines.append("[DEFAULT]\nproject = from-default")
    if random.random() < 0.03:
        lines.append(random.choice(("nonsense", "[core]")))
    return random.choice(("\n", "\n", "\r\n")).join([*lines, ""])


def _folder(random: Random, folder: Path) -> None:
    for name in _NAMES:
        if random.random() < 0.85:
            put(folder / "configurations" / f"config_{name}", _properties(random), random)
    if random.random() < 0.8:
        put(folder / "active_config", random.choice((*_NAMES, "NONE", "missing", "")), random)


def make(random: Random, folder: Path) -> Setting:
    """Configurations at the usual place and elsewhere; each variable set, or empty, or not."""
    setting = new_home(folder)
    usual = setting.home / ".config" / "gcloud"
    other = setting.home / "other"
    for place in (usual, other):
        _folder(random, place)
        put(place / "gce", "False", random)  # else it asks the network for ten minutes' answer
    for name, chance, values in (
        ("CLOUDSDK_CONFIG", 0.3, (str(other), "../../other", "")),
        ("CLOUDSDK_ACTIVE_CONFIG_NAME", 0.3, (*_NAMES, "NONE", "missing", "")),
        ("CLOUDSDK_CORE_ACCOUNT", 0.2, ("v@example.com", "v@example.com", "")),
        ("CLOUDSDK_CORE_PROJECT", 0.2, ("from-variable", "from-variable", "")),
    ):
        if random.random() < chance:
            setting.environ[name] = random.choice(values)
    return setting


def ask(program: str, setting: Setting) -> Answers:
    """An empty property is one that every command refuses."""
    done = run(setting, program, "info", "--format=json(config.active_config_name,config.account,config.project)")
    if done.returncode:
        return dict.fromkeys(KEYS, REFUSED)
    core = json.loads(done.stdout)["config"]
    said: dict[str, object] = {"gcloud:configuration": core["active_config_name"]}
    for name in ("account", "project"):
        value = core.get(name, NOTHING)
        said[f"gcloud:{name}"] = REFUSED if value == "" else value
    return said


KEYS = ("gcloud:configuration", "gcloud:account", "gcloud:project")
ORACLE = Oracle("gcloud", KEYS, make, ask)
