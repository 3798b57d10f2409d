"""A profile that is too large to be drawn line by line: 26 keys and 100 tokens, most of them bound alike; two are outside."""

from keybound.custody.view_models.overview import Overview
from keybound.custody.view_models.tokens import BoundRow
from keybound.domain.verdict.states import State
from keybound.domain.verdict.verdict import Shown
from support.sample_service import OVERVIEW, PATH, token

_TABLES = {
    "settings": [f"settings.region{n}" for n in range(9)],
    "flags": [f"flags.flag{n}" for n in range(6)],
    "kube": [f"file:kube#context{n}" for n in range(4)],
    "npmrc": [f"file:npmrc#registry{n}" for n in range(4)],
    "aws": ["file:aws"],
    "shell": ["git:branch", "env:CI"],
}
KEYS = [key for keys in _TABLES.values() for key in keys]
ROLES = ("deploy", "build", "reader", "ci", "metrics")
OUTSIDE = {(5, 12), (5, 19)}  # key number and token number


def _row(key: int, number: int) -> BoundRow:
    name = KEYS[key]
    group = "files" if name.startswith("file:") else name.partition(".")[0] if "." in name else "this shell"
    label = name.removeprefix("file:") if group == "files" else name.partition(".")[2] or name
    path = f"/home/ada/.{label.partition('#')[0]}" if group == "files" else "" if group == "this shell" else PATH
    out = (key, number) in OUTSIDE
    state, now = (State.EXPIRED, "other") if out else (State.ACTIVE, f"v{key}")
    reaction = ("expire", "suspend", "warn")[key % 3]
    reaction = "expire" if key == 5 else reaction
    return BoundRow(
        name, group, label, f"= v{key}", "=", reaction, Shown(f"v{key}"), Shown(now), not out, state, path, key + 4
    )


def _crowded() -> Overview:
    made = []
    for number in range(100):
        kind = number % 7
        keys = {0: (15, 16), 1: (19,), 2: (0, 9), 3: (1, 15, 24), 4: (19, 20), 5: (5, 10), 6: (23, 8)}[kind]
        if number >= 90:
            keys = (number - 90, 14 - kind, 15 + kind)
        rows = [_row(key, number) for key in keys]
        state = max(row.state for row in rows)
        name = f"{ROLES[number % 5]}-{number:02}"
        made.append(token(f"staging/{name}", f"{name.upper().replace('-', '_')}_TOKEN", state, bounds=rows))
    return OVERVIEW._replace(tokens=tuple(made))


CROWDED = _crowded()
