"""JSON as Keybound keeps it: compact, in ASCII."""

import json
from typing import Any


def loads(text: str) -> Any:
    """The value of a JSON text. Raises ValueError."""
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def dumps(value: object, *, sort: bool = False) -> str:
    """The text of a value. Raises TypeError for what has none."""
    return json.dumps(value, separators=(",", ":"), sort_keys=sort)
