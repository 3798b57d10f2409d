"""JSON as Keybound keeps it: compact, in ASCII."""

import json
from typing import Any


def loads(text: str) -> Any:
    """The value of a JSON text. Raises ValueError."""
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def loads_strictly(text: str) -> Any:
    """The same, but no name may stand twice in a table, and a number is a number. Raises ValueError."""
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a name stands twice")
    return dict(pairs)


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is not a number")


def dumps(value: object, *, sort: bool = False) -> str:
    """The text of a value. Raises TypeError for what has none."""
    return json.dumps(value, separators=(",", ":"), sort_keys=sort)
