"""Patterns of tokens, compiled once: in linear time, whatever they are and whatever they are matched with (RE2)."""

from functools import lru_cache
from typing import Any

_MEMORY = 1 << 20


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> Any:
    """The pattern, ready for ``fullmatch`` and ``search``. Raises ValueError for one that is bad or too large."""
    import re2

    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0].decode() if error.args and isinstance(error.args[0], bytes) else str(error)
        raise ValueError(reason[:100]) from None
