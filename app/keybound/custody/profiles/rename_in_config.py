"""Rewrite what config.toml says of a profile that was renamed: ``[[use]]`` rules, and the profiles of ``[[alert]]`` rules."""

from typing import Any

from keybound.custody.context.home import Home
from keybound.domain.errors import KeyboundError
from keybound.sources.editing.edit_toml import with_line_ends_of
from keybound.sources.files.open_file import Content, open_once
from keybound.stores.atomic import write_atomic


def rename_in_config(home: Home, old: str, new: str) -> str:
    """Rewrite it, comments kept. Returns what could not be done, as a sentence's end, or ""."""
    content = open_once(home.settings)
    if not isinstance(content, Content):
        return ""
    try:
        text = content.data.decode("utf-8")
        changed = _renamed(text, old, new)
        if changed != text:
            write_atomic(home.settings, changed.encode())
    except (ValueError, KeyboundError):  # no TOML, or it cannot be written
        return f"; config.toml was not changed: if it has rules for {old}, they keep that name"
    return ""


def _renamed(text: str, old: str, new: str) -> str:
    import tomlkit

    document = tomlkit.parse(text)
    changed = [_rename_rule(rule, "profile", old, new) for rule in _rules(document, "use")]
    changed += [_rename_rule(rule, "profiles", old, new) for rule in _rules(document, "alert")]
    return with_line_ends_of(text, tomlkit.dumps(document)) if any(changed) else text


def _rules(document: Any, name: str) -> list[Any]:
    found = document.get(name, [])
    return [rule for rule in found if hasattr(rule, "get")] if isinstance(found, list) else []


def _rename_rule(rule: Any, key: str, old: str, new: str) -> bool:
    value = rule.get(key)
    if value == old:
        rule[key] = new
        return True
    places = [at for at, name in enumerate(value) if name == old] if isinstance(value, list) else []
    for at in places:
        value[at] = new
    return bool(places)
