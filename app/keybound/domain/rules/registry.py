"""The table of all rules of a boundary, in the order of the JSON Schema; each is loaded when it is first asked for."""

from collections.abc import Iterable

from keybound.domain.registry import load
from keybound.domain.rules.base import Given, Rule, RuleKind, Tools
from keybound.domain.values.readings import Absent, Found, Value

RULES = {
    "equals": ".equals:RULE",
    "one_of": ".one_of:RULE",
    "not_one_of": ".not_one_of:RULE",
    "matches": ".matches:RULE",
    "starts_with": ".starts_with:RULE",
    "url_host": ".url_host:RULE",
    "under": ".under:RULE",
    "min": ".min:RULE",
    "max": ".max:RULE",
    "subset_of": ".subset_of:RULE",
    "includes": ".includes:RULE",
    "exists": ".exists:RULE",
    "absent": ".absent:RULE",
    "unchanged": ".unchanged:RULE",
    "mode_at_most": ".mode_at_most:RULE",
    "owner_only": ".owner_only:RULE",
}
_loaded: dict[str, RuleKind] = {}


def find_rule(name: str) -> RuleKind | None:
    """What the rules of this name have in common; None where this version knows none."""
    if name not in RULES:
        return None
    if name not in _loaded:
        _loaded[name] = load(RULES[name], __package__)
    return _loaded[name]


def rule_fault(name: str, value: Value) -> str:
    """Say what is wrong with a rule as it is written, or ""."""
    kind = find_rule(name)
    if kind is None:
        return f"unknown rule {name}"
    return "" if kind.fits(value) else f"{name} takes {kind.takes}"


def holds(rule: Rule, reading: Found | Absent, tools: Tools, unchanged: bool) -> bool:
    """Whether the reading is inside the rule. ``unchanged``: whether it equals the approved one.

    Raises ValueError where the rule cannot be judged: it is unknown, its pattern or version is none, the value too long.
    """
    kind = find_rule(rule.name)
    if kind is None:
        raise ValueError(f"this version does not know the rule {rule.name}")
    if isinstance(reading, Absent):
        return kind.absent(rule.value)
    return kind.inside(reading.value, rule.value, Given(tools, unchanged))


def compares_approved(rule: Rule) -> bool:
    """Whether the rule needs the approved reading."""
    kind = find_rule(rule.name)
    return kind is not None and kind.compares_approved


def literal_of(rules: Iterable[Rule]) -> Value:
    """The one value that the rules let through; None where none of them names one."""
    return next((rule.value for rule in rules if (kind := find_rule(rule.name)) and kind.literal), None)
