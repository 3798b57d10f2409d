"""Terraform: ``workspace show``."""

from pathlib import Path
from random import Random

from support.oracles.base import REFUSED, Answers, Oracle, Setting, new_home, put, run

_NAMES = (
    "staging",
    "prod",
    "default",
    "team.eu_1",
    "a b",
    "a/b",
    "größe",
    "a@b",
    "x:y",
    "a~b",
    "a%b",
    "a;b",
    "a,b",
    "a'b",
)


def make(random: Random, folder: Path) -> Setting:
    """A data folder here or elsewhere, or none; with a name, with blanks around it, or with nothing in it."""
    setting = new_home(folder)
    setting.environ["CHECKPOINT_DISABLE"] = "1"
    for place in (setting.cwd / ".terraform", setting.home / "data", setting.cwd / "rel" / "data"):
        if random.random() < 0.75:
            name = random.choice(_NAMES) if random.random() < 0.9 else ""
            put(place / "environment", random.choice(("{}", "{}\n", " {} \r\n", "\n{}\t")).format(name), random)
    if random.random() < 0.4:
        setting.environ["TF_DATA_DIR"] = random.choice((str(setting.home / "data"), "rel/data", "", "/nonexistent"))
    if random.random() < 0.35:
        setting.environ["TF_WORKSPACE"] = random.choice((*_NAMES, ""))
    return setting


def ask(program: str, setting: Setting) -> Answers:
    """The one answer."""
    done = run(setting, program, "workspace", "show")
    return {"terraform:workspace": REFUSED if done.returncode else done.stdout.strip()}


ORACLE = Oracle("terraform", ("terraform:workspace",), make, ask, usual=25)
