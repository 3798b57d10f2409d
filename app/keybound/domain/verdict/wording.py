"""Rules, values and readings in words, and what may be shown of them."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time

from keybound.domain.rules.base import Rule
from keybound.domain.rules.registry import find_rule
from keybound.domain.text.sanitize import clean, shorten
from keybound.domain.values.readings import Absent, FileContent, Found, Origin, Reading, Value
from keybound.domain.verdict.verdict import Shown

# compiled at their first use
_TELLING_KEY = r"(?i)(secret|passw|token|api[_-]?key|private|credential|_auth\b|authorization|client_key)"
_TELLING_LOOK = r"(gh[pousr]_|github_pat_|glpat-|npm_|sk-|xox[abprs]-|AKIA|ASIA|eyJ[\w-]{4,2000}\.[\w-]{4}|AGE-SECRET|-----BEGIN|://[^/\s:@]+:[^/\s@]+@|https?://[^/\s@]+@|[?&][\w-]*(key|token|secret|passw|sig)[\w-]*=)"
_OTHER = r"(?s)|true|false|null|nothing|absent|[+-]?\d[\d_.:eETZ+-]*|[+-]?(inf|nan)|\s.*|.*\s"
_LOOKED_AT = 4000  # characters of a value: what is shown of it is shorter by far
_HIDDEN = "••••••"


def value_words(value: Value) -> str:
    """A value as a person would write it, safe for a terminal."""
    return "".join(_pieces(value, None))


def _pieces(value: Value, longest: int | None) -> Iterator[str]:
    """The words of a value, part by part; of a text no more than ``longest`` characters."""
    match value:
        case bool():
            yield "true" if value else "false"
        case None:
            yield "null"
        case FileContent():
            yield f"{value.mode:04o} · {value.digest[:4]}…"
        case str():
            yield _text_words(value[:longest])
        case datetime() | date() | time() | int() | float():
            yield str(value)
        case Mapping():
            yield "{"
            for count, (key, item) in enumerate(value.items()):
                yield f"{', ' if count else ''}{clean(key[:longest])}: "
                yield from _pieces(item, longest)
            yield "}"
        case _:
            yield "" if value else "nothing"
            for count, item in enumerate(value):
                yield ", " if count else ""
                yield from _pieces(item, longest)


def _text_words(text: str) -> str:
    """A text as it is, in quotes where it would read as something else: ``"8080"``, ``"true"``, ``""``."""
    return f'"{clean(text)}"' if re.fullmatch(_OTHER, text) else clean(text)


def _brief(value: Value) -> str:
    """The beginning of a value's words, however large it is."""
    text = ""
    for piece in _pieces(value, _LOOKED_AT):
        text += piece
        if len(text) >= _LOOKED_AT:
            break
    return text


def rule_words(rule: Rule) -> str:
    """A rule in words: ``= false``, ``one of staging, dev``."""
    kind = find_rule(rule.name)
    if kind is None:
        return f"{rule.name} {value_words(rule.value)}"
    if not isinstance(kind.words, str):
        return kind.words(rule.value)
    bare = kind.bare and isinstance(rule.value, str)
    return kind.words.format(clean(str(rule.value)) if bare else value_words(rule.value))


def rules_words(rules: tuple[Rule, ...]) -> str:
    """All rules of a boundary in words."""
    return ", ".join(rule_words(rule) for rule in rules)


def in_sentence(rules: str) -> str:
    """A boundary's words as they follow "bound to" or "must be": without the sign of equality."""
    return rules.removeprefix("= ")


def rule_sign(rules: tuple[Rule, ...]) -> str:
    """One character that stands for the boundary."""
    kind = find_rule(rules[0].name) if rules else None
    return kind.sign if kind else "·"


def looks_secret(key: str, text: str) -> bool:
    """Whether a value should be masked, by its key's name or its own look."""
    return bool(re.search(_TELLING_KEY, key) or re.search(_TELLING_LOOK, text))


def shown_value(key: str, value: Value) -> Shown:
    """A value as it may be shown."""
    text = _brief(value)
    return Shown(_HIDDEN, hidden=True) if looks_secret(key, text) else Shown(shorten(text, 200))


def kept_value(text: str) -> Shown:
    """A value that was shown, and kept as it was shown."""
    return Shown(text, hidden=text == _HIDDEN)


def shown(key: str, reading: Reading) -> Shown:
    """A reading as it may be shown."""
    if isinstance(reading, Found):
        return shown_value(key, reading.value)
    return Shown("absent" if isinstance(reading, Absent) else f"unreadable: {clean(reading.why)}")


def origin_words(origin: Origin) -> str:
    """What set a value: ``KUBECONFIG, /home/a/prod.yaml:3``; ``default`` where nothing did."""
    return clean(", ".join(filter(None, [origin.variable, _place(origin)])) or "default")


def set_by_words(origin: Origin) -> str:
    """The same within a sentence: ``set by KUBECONFIG in /home/a/prod.yaml:3``; "" for a default."""
    by = f" by {origin.variable}" if origin.variable else ""
    at = f" in {_place(origin)}" if origin.path else ""
    return clean(f"set{by}{at}") if by or at else ""


def _place(origin: Origin) -> str:
    return f"{origin.path}:{origin.line}" if origin.line else origin.path
