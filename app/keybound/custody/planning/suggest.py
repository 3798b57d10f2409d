"""Keys that a new token may be bound to: the present value becomes the boundary."""

import json
from collections.abc import Iterator, Mapping

from keybound.custody.context.context import Context
from keybound.custody.planning.bindable import bindable_keys
from keybound.custody.profiles.library import Library, Loaded
from keybound.custody.view_models.adding import Suggestion
from keybound.domain.rules.base import Rule
from keybound.domain.tool_keys import TOOLS
from keybound.domain.values.keys import Member, is_context, path_text
from keybound.domain.values.readings import Found, Value
from keybound.domain.verdict.wording import looks_secret, rule_words

_LIKELY = ("url", "host", "account", "region", "active", "write", "context")


def suggest(context: Context, profile: str) -> list[Suggestion]:
    """Every setting, flag, the active roles and every named file, likely ones first; then what files, git and tools say here.

    Raises NotFoundError, BadInputError.
    """
    whole = Library(context.home).load(profile)
    loaded = whole.profile
    found = [_suggestion(key, rule, outside="expire") for key, rule in _profile_keys(loaded.data)]
    found += [_suggestion(f"file:{name}", Rule("unchanged", True), outside="warn") for name in loaded.files]
    return [*sorted(found, key=lambda one: not one.likely), *_from_here(context, whole)]


def _from_here(context: Context, loaded: Loaded) -> Iterator[Suggestion]:
    """Values in named files, of git and of tools, as they are here; none is likely."""
    for prefix in ("file:", "git:", *(f"{tool}:" for tool in TOOLS)):
        for one in bindable_keys(context, loaded, prefix).keys:
            value = one.read.reading.value if isinstance(one.read.reading, Found) else None
            if _is_plain(value) and not looks_secret(one.key, str(value)):
                outside = "suspend" if is_context(one.key) else "expire"
                yield _suggestion(one.key, Rule("equals", value), outside=outside)._replace(likely=False)


def _is_plain(value: Value) -> bool:
    """Whether the value, written into a profile, is the same again."""
    plain = value if isinstance(value, list) else [value]
    return all(isinstance(one, str | bool | int) for one in plain)


def _profile_keys(data: Mapping[str, Value]) -> Iterator[tuple[str, Rule]]:
    for root in ("settings", "flags"):
        yield from _leaves(root, data.get(root, {}))
    roles = data.get("roles", {})
    if isinstance(roles, Mapping) and "active" in roles:
        yield "roles.active", Rule("subset_of", roles["active"])


def _leaves(prefix: str, value: Value) -> Iterator[tuple[str, Rule]]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from _leaves(f"{prefix}.{path_text([Member(name)])}", item)
    elif isinstance(value, str | bool | int) and not looks_secret(prefix, str(value)):
        yield prefix, Rule("equals", value)


def _suggestion(key: str, rule: Rule, *, outside: str) -> Suggestion:
    value = json.dumps(list(rule.value) if isinstance(rule.value, tuple | list) else rule.value, ensure_ascii=False)
    likely = key.startswith("flags.") or any(word in key for word in _LIKELY)
    return Suggestion(key, rule_words(rule), f"{key} {rule.name}={value} outside={outside}", outside, likely)
