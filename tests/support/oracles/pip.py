"""pip: the options that its own parser of ``install`` starts with, in a virtual environment or a place like one."""

import json
import os
import sys
from pathlib import Path
from random import Random

from support.oracles.base import REFUSED, Answers, Oracle, Setting, new_home, put, run

_ASK = """
import json
from pip._internal.commands import create_command
options, _ = create_command("install").parser.parse_args([])
print(json.dumps({"pip:index-url": options.index_url, "pip:extra-index-url": options.extra_index_urls}))
"""
_URLS = ("https://a.example/simple", "https://b.example/simple", "https://u:p@c.example/simple")


def _conf(random: Random) -> str:
    lines = []
    for section in random.sample(("global", "install", "list", "DEFAULT"), random.choice((1, 2, 2))):
        lines.append(f"[{section}]")
        for name in ("index-url", "index_url", "extra-index-url", "Extra-Index-URL", "pypi-url", "timeout"):
            if random.random() < 0.25:
                value = "5" if name == "timeout" else random.choice(_URLS)
                if "xtra" in name and random.random() < 0.5:
                    value = "\n    ".join(["", *random.sample(_URLS, 2)])
                lines.append(f"{name} = {value if random.random() < 0.9 else ''}")
    if random.random() < 0.02:
        lines.append("nonsense")
    return "\n".join([*lines, ""])


def _environment(place: Path) -> None:
    """A virtual environment that has the pip of this one."""
    import pip

    packages = place / "lib" / f"python3.{sys.version_info.minor}" / "site-packages"
    packages.mkdir(parents=True)
    (packages / "pip.pth").write_text(f"{Path(pip.__file__).parents[1]}\n")
    (place / "bin").mkdir()
    (place / "bin" / "python").symlink_to(os.path.realpath(sys.executable))
    (place / "pyvenv.cfg").write_text(f"home = {os.path.dirname(os.path.realpath(sys.executable))}\n")
    (place / "bin" / "pip").write_text(f"#!{place}/bin/python\nimport pip\n")
    (place / "bin" / "pip").chmod(0o755)


def make(random: Random, folder: Path) -> Setting:
    """Every file that pip may read but those of the whole machine; variables in any case, and empty ones."""
    setting = new_home(folder)
    venv, home, environ = folder / "venv", setting.home, setting.environ
    _environment(venv)
    environ["PATH"] = f"{venv}/bin:{environ['PATH']}"
    if random.random() < 0.2:  # a script elsewhere, which its first line leads back from
        (home / "bin").mkdir()
        (home / "bin" / "pip").write_text((venv / "bin" / "pip").read_text())
        (home / "bin" / "pip").chmod(0o755)
        environ["PATH"] = f"{home}/bin:{environ['PATH']}"
    places = (
        venv,
        home / ".pip",
        home / ".config/pip",
        home / "xdg/pip",
        home / "all/pip",
        home / "all2/pip",
        setting.cwd,
    )
    for place in places:
        if random.random() < 0.45:
            put(place / "pip.conf", _conf(random), random)
    for name, chance, values in (
        ("XDG_CONFIG_HOME", 0.3, (str(home / "xdg"), "")),
        ("XDG_CONFIG_DIRS", 0.3, (f"{home}/all:{home}/all2/", "~/all2", "")),
        ("PIP_CONFIG_FILE", 0.3, ("pip.conf", "/dev/null", "/nonexistent", str(setting.cwd / "pip.conf"))),
        ("PIP_INDEX_URL", 0.2, (*_URLS, "")),
        ("PIP_index_url", 0.05, _URLS),
        ("PIP_EXTRA_INDEX_URL", 0.2, (*_URLS, " ".join(_URLS), "")),
    ):
        if random.random() < chance:
            environ[name] = random.choice(values)
    return setting


def ask(program: str, setting: Setting) -> Answers:
    """Two spellings of a variable that differ are refused on purpose."""
    place = setting.home.parent / "venv" / "bin" / "python"
    done = run(setting, str(place), "-c", _ASK)
    if done.returncode:
        return dict.fromkeys(KEYS, REFUSED)
    said: dict[str, object] = json.loads(done.stdout)
    spelt = {setting.environ.get(name) for name in ("PIP_INDEX_URL", "PIP_index_url")} - {None, ""}
    if len(spelt) > 1:
        said["pip:index-url"] = REFUSED
    return said


KEYS = ("pip:index-url", "pip:extra-index-url")
ORACLE = Oracle("pip", KEYS, make, ask)
