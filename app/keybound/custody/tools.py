"""What the domain needs from libraries."""

from functools import lru_cache
from typing import Any


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> Any:
    import re2

    options = re2.Options()
    options.log_errors = False
    options.never_nl = False
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0].decode() if error.args and isinstance(error.args[0], bytes) else str(error)
        raise ValueError(f"the pattern {pattern!r} is not a regular expression: {reason}") from None


def matches(pattern: str, text: str) -> bool:
    """Linear-time match of the whole text (RE2). Raises ValueError for a bad pattern."""
    return _compiled(pattern).fullmatch(text) is not None
