"""What each rule of a boundary is written with, as JSON Schema; a test holds it against ``rule_fault``."""

from collections.abc import Mapping

Form = Mapping[str, object]

_TEXT: Form = {"type": "string"}
_LIST: Form = {"type": "array"}
_TRUE: Form = {"const": True}
_LIMIT: Form = {"type": ["number", "string"]}  # TOML's dates reach editors as strings

RULE_FORMS: Mapping[str, Form] = {
    "equals": {},
    "one_of": _LIST,
    "not_one_of": _LIST,
    "matches": _TEXT,
    "starts_with": _TEXT,
    "url_host": {"type": ["string", "array"], "items": _TEXT},
    "under": _TEXT,
    "min": _LIMIT,
    "max": _LIMIT,
    "subset_of": _LIST,
    "includes": _LIST,
    "exists": {"type": "boolean"},
    "absent": _TRUE,
    "unchanged": _TRUE,
    "mode_at_most": {"type": "string", "pattern": "^0?[0-7]{3}$"},
    "owner_only": _TRUE,
}
