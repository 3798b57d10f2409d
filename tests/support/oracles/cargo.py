"""cargo: ``config get``, which it has behind a switch for developers."""

import json
import os
from pathlib import Path
from random import Random

from support.oracles.base import REFUSED, Answers, Oracle, Setting, new_home, put, run

_NAMES = ("acme", "team-x", "crates-io", "größe")


def _config(random: Random) -> str:
    if random.random() < 0.04:
        return random.choice(("[registry", "registry = 1\n", "[registry]\ndefault = 1\n", "a = 1\na = 2\n"))
    name = json.dumps(random.choice(_NAMES), ensure_ascii=False)
    own = random.choice(
        (f"[registry]\ndefault = {name}", f"registry.default = {name}", f"registry = {{ default = {name} }}")
    )
    parts = ["[registries.acme]\nindex = 'https://acme.example/index'", "[net]\nretry = 2"]
    return "\n".join([own if random.random() < 0.6 else "", *random.sample(parts, random.randint(0, 2)), ""])


def make(random: Random, folder: Path) -> Setting:
    """Files in every folder up to the home, with and without a suffix; CARGO_HOME at its usual place and elsewhere."""
    setting = new_home(folder)
    home, cwd = setting.home, setting.cwd
    for place in (cwd / ".cargo", cwd.parent / ".cargo", home / ".cargo", home / "cargo", cwd / "rel"):
        for name in ("config", "config.toml"):
            if random.random() < 0.3:
                put(place / name, _config(random), random)
    if random.random() < 0.35:
        setting.environ["CARGO_HOME"] = random.choice((str(home / "cargo"), "rel", "", "/nonexistent/cargo"))
    if random.random() < 0.25:
        setting.environ["CARGO_REGISTRY_DEFAULT"] = random.choice(_NAMES)
    return setting


def _mistyped(setting: Setting) -> bool:
    files = [path for path in setting.home.rglob("config*") if path.is_file()]
    return any(line in ("registry = 1", "default = 1") for path in files for line in path.read_text().splitlines())


def ask(program: str, setting: Setting) -> Answers:
    """A registry that is not set is crates.io."""
    real = {"RUSTC_BOOTSTRAP": "1", "RUSTUP_HOME": os.environ.get("RUSTUP_HOME", os.path.expanduser("~/.rustup"))}
    asked = setting._replace(environ={**setting.environ, **real})
    done = run(asked, program, "-Zunstable-options", "config", "get", "--format=json", "registry.default")
    unset = "is not set" in done.stderr
    if _mistyped(setting) and (unset or not done.returncode):
        return {}  # refused on purpose: whether cargo refuses it depends on what else there is
    value = "crates-io" if unset else REFUSED if done.returncode else json.loads(done.stdout)["registry"]["default"]
    return {"cargo:registry": value}


ORACLE = Oracle("cargo", ("cargo:registry",), make, ask, usual=25)
