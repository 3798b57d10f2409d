"""kubectl: ``config view --minify``."""

import json
from pathlib import Path
from random import Random

from support.oracles.base import NOTHING, REFUSED, Answers, Oracle, Setting, new_home, put, run

_NAMES = (
    "staging", "prod", "dev@eu", "kind-a", "größe", "a b", "1.5", "2024-01-01", "yes", "null", "off", "0x10", "~", "1_000",
    "0b1", "y", "On", "oN", "1_e3", "_1", "1.2.3", "0o17", "0_7", "1:30", ".5", "+1", "nan", ".NaN",
)  # fmt: skip
_MANY = _NAMES[:6]
_EMPTY = ("", '""', "~")
_NAMESPACES = ("team", '"1"', "''", "kube-system")


def _word(random: Random, names: tuple[str, ...] = _NAMES) -> str:
    name = random.choice(_MANY[:3] if random.random() < 0.85 else names)
    style = random.random()
    if style < 0.5 and not name.startswith("~"):
        return name
    return json.dumps(name, ensure_ascii=False) if style < 0.8 else f"'{name}'"


def _file(random: Random) -> str:
    if random.random() < 0.03:
        return random.choice(["", "\n", "# nothing\n", "foo\n", "[1]\n", "a: [\n", "kind: Pod\napiVersion: v1\n"])
    lines = []
    if random.random() < 0.6:
        lines.append("apiVersion: v1\nkind: Config")
    if random.random() < 0.75:
        current = _word(random) if random.random() < 0.92 else random.choice(_EMPTY)
        lines.append(f"current-context: {current}")
    names = _MANY if random.random() < 0.6 else _NAMES
    contexts = random.sample(names, random.choice((0, 2, 4, 5, 5, 6, 6, len(names))))
    lines.append("contexts:" if contexts else random.choice(["contexts: []", "contexts:", "contexts: null"]))
    for name in contexts:
        parts = [f"cluster: c{random.randint(1, 3)}"] if random.random() < 0.93 else []
        parts += [f"user: u{random.randint(1, 3)}"] if random.random() < 0.93 else []
        parts += [f"namespace: {random.choice(_NAMESPACES)}"] if random.random() < 0.4 else []
        body = f"{{{', '.join(parts)}}}" if random.random() < 0.5 else "".join(f"\n    {one}" for one in parts) or "{}"
        lines.append(f"- name: {json.dumps(name, ensure_ascii=False)}\n  context: {body}")
    lines.append("clusters:")
    for number in random.sample((1, 2, 3), random.choice((2, *[3] * 9))):
        server = f"https://{random.choice('abc')}{number}.example:6443" if random.random() < 0.95 else '""'
        lines.append(f"- cluster:\n    server: {server}\n    certificate-authority-data: QQ==\n  name: c{number}")
    lines.append("users:")
    for number in random.sample((1, 2, 3), random.choice((2, *[3] * 9))):
        how = random.choice(["{token: abc}", "{}", "{exec: {apiVersion: client.authentication.k8s.io/v1, command: x}}"])
        lines.append(f"- name: u{number}\n  user: {how}")
    text = "\n".join(lines) + "\n"
    if random.random() < 0.1 and all(ord(one) < 128 for one in text):
        text = text.replace("\n", "\r\n")
    return text


def make(random: Random, folder: Path) -> Setting:
    """Files in the home and beside it; a list that names some, missing ones, the same twice, or nothing."""
    setting = new_home(folder)
    if random.random() < 0.85:
        put(setting.home / ".kube" / "config", _file(random), random)
    names = ["a.yaml", "b.yaml", "sub/c", "missing", "", str(setting.home / ".kube/config"), "../up.yaml"]
    for name in ("a.yaml", "b.yaml", "sub/c", "../up.yaml"):
        if random.random() < 0.8:
            put(setting.cwd / name, _file(random), random)
    if random.random() < 0.75:
        chosen = [random.choice(names) for _ in range(random.randint(0, 4))]
        setting.environ["KUBECONFIG"] = ":".join(
            one if random.random() < 0.6 or not one or one.startswith("/") else str(setting.cwd / one) for one in chosen
        )
    return setting


def ask(program: str, setting: Setting) -> Answers:
    """The one context that is left of the merged configuration, and what belongs to it."""
    done = run(setting, program, "config", "view", "--minify", "-o", "json")
    if "current-context must exist" in done.stderr:
        return dict.fromkeys(KEYS, NOTHING)
    if done.returncode:
        return dict.fromkeys(KEYS, REFUSED)
    shown = json.loads(done.stdout)
    context = shown["contexts"][0]["context"]
    servers = [one["cluster"].get("server") or NOTHING for one in shown["clusters"] or []]
    return {
        "kube:context": shown["current-context"],
        "kube:cluster": context.get("cluster") or NOTHING,
        "kube:server": servers[0] if servers else NOTHING,
        "kube:user": context.get("user") or NOTHING,
        "kube:namespace": context.get("namespace") or "default",
    }


KEYS = ("kube:context", "kube:cluster", "kube:server", "kube:user", "kube:namespace")
ORACLE = Oracle("kubectl", KEYS, make, ask, usual=25)
