"""npm: ``config get``."""

import json
import re
from pathlib import Path
from random import Random

from support.oracles.base import REFUSED, Answers, Oracle, Setting, new_home, put, run

_KEYS = ("registry", "registry", "@acme:registry", "@acme:registry", "@Acme:registry", "@x:registry")
_HOSTS = ("https://r1.example/", "https://r2.example", "http://localhost:4873/", "https://r3.example/a/b/")
_ODD = (
    "https://${REG_HOST}/",
    "https://${NO_SUCH}/",
    "https://${NO_SUCH?}r.example/",
    r"https://\${REG_HOST}/",
    "nope",
)


def _value(random: Random) -> str:
    value = random.choice(_HOSTS) if random.random() < 0.8 else random.choice(_ODD)
    style = random.random()
    if style < 0.7:
        return value
    if style < 0.8:
        return f'"{value}"'
    if style < 0.86:
        return f"'{value}'"
    return f"  {value} {random.choice(('; why', '# why', ''))}"


def _npmrc(random: Random, more: str = "") -> str:
    lines = [more] if more else []
    for _ in range(random.choice((0, 1, 1, 2, 2, 3))):
        lines.append(f"{random.choice(_KEYS)}{random.choice(('=', '=', ' = '))}{_value(random)}")
    if random.random() < 0.15:
        lines.append(random.choice(("registry", "registry=", "fund[]=a", "a b c", "=x", "[s]")))
    if random.random() < 0.3:
        lines.append("//r1.example/:_authToken=abc\nfund=false")
    random.shuffle(lines)
    return random.choice(("\n", "\n", "\r\n")).join([*lines, ""])


def make(random: Random, folder: Path) -> Setting:
    """A project that may be a workspace, its npmrc, the user's, a global one; variables in either case."""
    setting = new_home(folder)
    root, home, environ = setting.cwd.parent, setting.home, setting.environ
    cwd = setting.cwd / "packages" / "one"
    cwd.mkdir(parents=True)
    for place in (cwd, setting.cwd, root):
        if random.random() < 0.5:
            package: dict[str, object] = {"name": place.name}
            if random.random() < 0.5:
                listed = random.choice((["packages/*"], ["./packages/one/"], ["project/packages/*"], ["**"], ["b"]))
                package["workspaces"] = listed if random.random() < 0.8 else {"packages": listed}
            (place / "package.json").write_text(json.dumps(package))
        elif random.random() < 0.2:
            (place / "node_modules").mkdir()
        if random.random() < 0.6:
            put(place / ".npmrc", _npmrc(random), random)
    if random.random() < 0.6:
        put(home / ".npmrc", _npmrc(random, random.choice(("", "", "", f"globalconfig={home}/g"))), random)
    prefix = home / "prefix"
    environ["PREFIX"] = str(prefix)
    for path in (prefix / "etc" / "npmrc", home / "g", home / "u", home / "other/etc/npmrc"):
        if random.random() < 0.6:
            put(path, _npmrc(random), random)
    _vary(random, setting)
    return Setting(home, random.choice((cwd, cwd, setting.cwd, home)), environ)


def _vary(random: Random, setting: Setting) -> None:
    given = {
        "registry": (0.25, [*_HOSTS, "", "nope", "true", "https://${REG_HOST}/"]),
        "userconfig": (0.2, [str(setting.home / "u"), "~/u", "u", "/nonexistent/u"]),
        "globalconfig": (0.2, [str(setting.home / "g"), "~/g"]),
        "prefix": (0.1, [str(setting.home / "other")]),
        "global": (0.1, ["true", "false"]),
        "@acme:registry": (0.1, list(_HOSTS)),
    }
    for name, (chance, values) in given.items():
        if random.random() < chance:
            spelt = f"npm_config_{name}"
            spelt = spelt.upper() if random.random() < 0.4 and name.isalpha() else spelt
            setting.environ[spelt] = random.choice(values)
    if random.random() < 0.5:
        setting.environ["REG_HOST"] = "from-variable.example"


def ask(program: str, setting: Setting) -> Answers:
    """What ``npm install`` would go by: a scope without a registry has the default one; what has no host is passed over."""
    done = run(setting, program, "config", "get", *(key.removeprefix("npm:").strip('"') for key in KEYS))
    if done.returncode:
        return {}
    said = dict(line.partition("=")[::2] for line in done.stdout.splitlines())
    plain = said["registry"]
    answers: dict[str, object] = {}
    for key in KEYS:
        value = said[key.removeprefix("npm:").strip('"')]
        value = plain if value == "undefined" else value
        answers[key] = value if re.match("https?://[^/,]+(/|$)", value) else REFUSED
    return answers


KEYS = ("npm:registry", 'npm:"@acme:registry"', 'npm:"@Acme:registry"', 'npm:"@none:registry"')
ORACLE = Oracle("npm", KEYS, make, ask)
