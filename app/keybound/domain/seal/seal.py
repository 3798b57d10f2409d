"""What the owner approves: the record of a definition, its digest, and the difference between two records."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import TypeAlias

from keybound.domain.profile.definition import Profile, Token
from keybound.domain.rules.registry import find_rule
from keybound.domain.text.compact_json import dumps, loads
from keybound.domain.text.sanitize import clean
from keybound.domain.values.canonical import digest, encode
from keybound.domain.values.readings import Value
from keybound.domain.verdict.states import Reaction
from keybound.domain.verdict.wording import looks_secret, value_words

_SETS = frozenset({"env", "scopes", "release", "callers"})
_TIMES: "Mapping[str, Callable[[str], Value]]" = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
}
Record: TypeAlias = dict[str, Value]


def definition_record(token: Token, profile: Profile) -> Record:
    """The effective definition: only what is written, sets sorted, each named file with its path."""
    record: Record = {"id": str(token.id)}
    record.update({name: value if name == "mint" else _sorted(name, value) for name, value in token.table.items()})
    if profile.outside is not Reaction.EXPIRE and "outside" not in token.table:
        record["policy"] = {"outside": profile.outside.word}
    names = {binding.key.name for binding in token.bindings if binding.key.kind == "file"}
    if names:
        record["files"] = {name: profile.files.get(name, "") for name in names}
    if formats := {name: profile.formats[name] for name in names if name in profile.formats}:
        record["formats"] = formats
    return record


def _sorted(name: str, value: Value) -> Value:
    if isinstance(value, Mapping):
        return {key: _sorted(key, item) for key, item in value.items()}
    if not _unordered(name):
        return value
    if isinstance(value, str):
        return [value]
    if isinstance(value, list | tuple):
        return [item for _, item in sorted({encode(item): item for item in value}.items())]
    return value


def _unordered(name: str) -> bool:
    kind = find_rule(name)
    return name in _SETS or (kind is not None and kind.unordered)


def definition_digest(record: Mapping[str, Value]) -> str:
    """The digest that a seal holds."""
    return digest("definition", record)


def env_digest(env: Mapping[str, str]) -> str:
    """The digest of the effective ``[env]``; "" of an empty one, so that no seal is the seal of nothing."""
    return digest("env", dict(env)) if env else ""


def grants_digest(grants: Mapping[str, tuple[str, ...]] | None) -> str:
    """The digest of the effective ``[roles.grants]``; "" where there are none."""
    return "" if grants is None else digest("grants", {role: sorted(set(scopes)) for role, scopes in grants.items()})


def to_text(record: Mapping[str, Value]) -> str:
    """A record as one line that :func:`from_text` reads back with its types."""
    return dumps(_tagged(record), sort=True)


def from_text(text: str) -> Record | None:
    """Read a record; None where the text is not one."""
    try:
        record = _untagged(loads(text))
    except (ValueError, TypeError, KeyError):
        return None
    return record if isinstance(record, dict) else None


def _tagged(value: Value) -> object:
    if isinstance(value, Mapping):
        return {key: _tagged(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_tagged(item) for item in value]
    if isinstance(value, datetime | date | time):
        return {"$time": type(value).__name__, "iso": value.isoformat()}
    return value


def _untagged(value: object) -> Value:
    if isinstance(value, dict):
        if "$time" in value:
            return _TIMES[value["$time"]](value["iso"])
        return {key: _untagged(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_untagged(item) for item in value]
    return value  # type: ignore[return-value]


def differences(before: Mapping[str, Value] | None, after: Mapping[str, Value]) -> list[str]:
    """Lines ``- key = old`` and ``+ key = new``; all of ``after`` where nothing is known of before."""
    old = dict(_flat("", before)) if before else {}
    new = dict(_flat("", after)) if after else {}
    lines = []
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            lines += [f"- {name} = {old[name]}"] if name in old else []
            lines += [f"+ {name} = {new[name]}"] if name in new else []
    return lines


def _flat(prefix: str, value: Value) -> list[tuple[str, str]]:
    if isinstance(value, Mapping) and value:
        rows = []
        for key, item in value.items():
            quoted = clean(key) if key.replace("_", "a").replace("-", "a").isalnum() else f'"{clean(key)}"'
            rows += _flat(f"{prefix}.{quoted}" if prefix else quoted, item)
        return rows
    text = value_words(value)
    return [(prefix, "••••••" if looks_secret("", text) else text)]
