"""Keys that a token may be bound to: the present value becomes the boundary."""

import json
from collections.abc import Iterator

from keybound.custody.context.context import Context
from keybound.custody.planning.bindable import FILES, PROFILE_GROUP, BindableKey, bindable_keys, tidy
from keybound.custody.profiles.library import Library
from keybound.custody.view_models.adding import Suggestion
from keybound.domain.rules.base import Rule
from keybound.domain.values.keys import is_context
from keybound.domain.values.readings import FileContent, Found, Value
from keybound.domain.verdict.wording import looks_secret, rule_words, shown_value

_LIKELY = ("url", "host", "account", "region", "active", "write", "context")


def suggest(context: Context, profile: str) -> list[Suggestion]:
    """Every key that has a value here, likely ones first; then as :func:`bindable_keys` has them.

    A value that may be secret is neither shown nor written into a boundary: such a key is bound as it was approved.
    Raises NotFoundError, BadInputError.
    """
    found = bindable_keys(context, Library(context.home).load(profile))
    made = [each for one in found.keys for each in _suggestion(one, context.home.user)]
    return sorted(made, key=lambda one: not one.likely)


def _suggestion(one: BindableKey, home: str) -> Iterator[Suggestion]:
    if not isinstance(one.read.reading, Found):
        return
    value = one.read.reading.value
    rule = _rule(one.key, value)
    if rule is None:
        return
    limit = json.dumps(list(rule.value) if isinstance(rule.value, tuple | list) else rule.value, ensure_ascii=False)
    outside = "suspend" if is_context(one.key) else "warn" if isinstance(value, FileContent) else "expire"
    yield Suggestion(
        one.key,
        rule_words(rule),
        f"{one.key} {rule.name}={limit} outside={outside}",
        outside,
        _likely(one),
        value=shown_value(one.key, value).text,
        origin=tidy(one.origin, home),
    )


def _rule(key: str, value: Value) -> Rule | None:
    """The boundary that holds now; None for a value that a profile cannot say."""
    if isinstance(value, FileContent) or looks_secret(key, str(value)):
        return Rule("unchanged", True)
    if not _is_plain(value):
        return None
    if key == "cwd":
        return Rule("under", value)
    return Rule("subset_of" if key == "roles.active" else "equals", value)


def _is_plain(value: Value) -> bool:
    """Whether the value, written into a profile, is the same again."""
    plain = value if isinstance(value, list | tuple) else [value]
    return all(isinstance(one, str | bool | int) for one in plain)


def _likely(one: BindableKey) -> bool:
    own = one.group == PROFILE_GROUP and not one.key.startswith("env.")
    whole = one.group == FILES and "#" not in one.key
    return (own or whole) and (one.key.startswith("flags.") or any(word in one.key for word in _LIKELY))
