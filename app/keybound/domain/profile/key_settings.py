"""The table ``[keys]`` of config.toml: which key does what in the application."""

from collections.abc import Iterator, Mapping

from keybound.domain.profile.shapes import At, Json, Table, TableError, Texts, as_table, texts_of
from keybound.domain.values.readings import Value

PRESET = "preset"
_NAMED = frozenset(
    {"up", "down", "left", "right", "pageup", "pagedown", "home", "end", "enter", "escape", "space", "tab"}
    | {"backspace", "delete", "insert", *(f"f{number}" for number in range(1, 25))}
)
_MODIFIERS = frozenset({"ctrl", "alt", "shift", "super"})


class KeyTable:
    """The table. What a person may write is looked up when there is one: a release needs none of it."""

    def check(self, at: At, value: Value) -> None:
        """Every name is an action, every key can be pressed, and no key does two things."""
        from keybound.domain.profile.action_keys import FIXED, NAMES, PRESETS

        table = as_table(at, value)
        preset = table.get(PRESET, "default")
        if not isinstance(preset, str) or preset not in PRESETS:
            raise TableError((*at, PRESET), f"{preset!r} is not a preset", f"Known: {', '.join(PRESETS)}.")
        for name in table:
            if name != PRESET and name not in NAMES:
                near = [known for known in NAMES if known[:3] == name[:3]] or list(NAMES)
                raise TableError((*at, name), f"unknown action {name!r}", f"Known: {', '.join(near)}.")
            if name != PRESET:
                Texts(bare=True).check((*at, name), table[name])
                for key in texts_of(table[name]):
                    self._check_key((*at, name), key, own=key in NAMES[name], fixed=FIXED)
        self._check_clashes(at, table)

    def _check_key(self, at: At, key: str, *, own: bool, fixed: frozenset[str]) -> None:
        if not can_be_pressed(key):
            raise TableError(at, f"{key!r} is not a key", "Write one character, or a name as ctrl+s, alt+x, f6.")
        if key in fixed and not own:
            raise TableError(at, f"{key} always does what it does, and cannot be given to an action")

    def _check_clashes(self, at: At, table: Table) -> None:
        owners: dict[str, str] = {}
        for name, key in _pairs(keys_of(table)):
            other = owners.setdefault(key, name)
            if other != name:
                mine, theirs = (name, other) if name in table else (other, name)
                hint = "" if theirs in table else f"Give {theirs} another key too."
                raise TableError(
                    (*at, mine), f"{key} is also the key of {theirs}", hint, (*at, theirs) if theirs in table else ()
                )

    def schema(self) -> Json:
        """An object of the names of actions, each with a key or several."""
        from keybound.domain.profile.action_keys import NAMES, PRESETS

        keys = Texts(bare=True).schema()
        properties: Json = {PRESET: {"enum": list(PRESETS)}, **dict.fromkeys(NAMES, keys)}
        return {"type": "object", "properties": properties, "additionalProperties": False}


def can_be_pressed(key: str) -> bool:
    """Whether a text names a key: ``r``, ``?``, ``f6``, ``ctrl+s``."""
    *modifiers, last = key.split("+") if len(key) > 1 else [key]
    if not set(modifiers) <= _MODIFIERS or len(set(modifiers)) != len(modifiers):
        return False
    return last in _NAMED or (len(last) == 1 and last.isprintable() and last != " ")


def keys_of(table: Table) -> Mapping[str, tuple[str, ...]]:
    """The keys of every action, by a table that was checked."""
    from keybound.domain.profile.action_keys import FIXED, NAMES, PRESETS

    preset = PRESETS[str(table.get(PRESET, "default"))]
    own = {name: tuple(texts_of(value)) for name, value in table.items() if name != PRESET}
    found = {**NAMES, **preset, **own}
    stay = {name: tuple(key for key in keys if key in FIXED) for name, keys in NAMES.items()}
    return {name: tuple(dict.fromkeys((*stay[name], *keys))) for name, keys in found.items()}


def _pairs(keys: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    return ((name, key) for name, each in keys.items() for key in each)
