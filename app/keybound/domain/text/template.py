"""Texts with places for secrets: ``{{ token }}``; ``{{{{`` is two braces."""

import re
from collections.abc import Mapping

from keybound.domain.errors import BadInputError
from keybound.domain.text.secret import Secret, expose_secret

_PLACE = re.compile(rb"\{\{\{\{|\{\{(.*?)\}\}", re.DOTALL)


def places(text: bytes) -> frozenset[str]:
    """The names that a text asks for."""
    found = (one.group(1) for one in _PLACE.finditer(text) if one.group(1) is not None)
    return frozenset(name.strip().decode("utf-8", "replace") for name in found)


def filled(text: bytes, secrets: Mapping[str, Secret], where: str) -> bytes:
    """The text with every place filled. Raises BadInputError, with file and line, for a name that is not among ``secrets``."""

    def fill(found: re.Match[bytes]) -> bytes:
        if found.group(1) is None:
            return b"{{"
        name = found.group(1).strip().decode("utf-8", "replace")
        if name not in secrets:
            line = text.count(b"\n", 0, found.start()) + 1
            known = f"Available: {', '.join(sorted(secrets)) or 'none'}."
            raise BadInputError(
                f"{{{{ {name} }}}} is not a token that can be released here", where=f"{where}:{line}", hint=known
            )
        return expose_secret(secrets[name])

    return _PLACE.sub(fill, text)
