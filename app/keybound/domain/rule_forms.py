"""What each rule of a boundary is written with, as JSON Schema; a test holds it against ``rule_fault``."""

from collections.abc import Mapping

from keybound.domain.rules import VERSION_SCHEMES

Form = Mapping[str, object]

_TEXT: Form = {"type": "string"}
_LIST: Form = {"type": "array"}
_TRUE: Form = {"const": True}
_VERSION: Form = {"properties": dict.fromkeys(VERSION_SCHEMES, _TEXT), "additionalProperties": False}
_LIMIT: Form = {  # TOML's dates reach editors as strings
    "type": ["number", "string", "object"],
    **_VERSION,
    "minProperties": 1,
    "maxProperties": 1,
}

RULE_FORMS: Mapping[str, Form] = {
    "equals": {},
    "one_of": _LIST,
    "not_one_of": {**_LIST, "minItems": 1},
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
