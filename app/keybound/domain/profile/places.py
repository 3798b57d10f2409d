"""Places ``{key}`` in texts of a profile: each is filled with the value of a profile key; ``{{`` and ``}}`` are braces."""

import re

from keybound.domain.errors import BadInputError
from keybound.domain.profile.definition import Profile
from keybound.domain.values.keys import parse_key
from keybound.domain.values.readings import Found
from keybound.domain.values.walk import walk
from keybound.domain.verdict.wording import value_words

_PLACE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")


def fill(profile: Profile, where: str, text: str) -> str:
    """Replace each ``{key}`` by its value; ``where`` is the place of the text in the profile: ``env.AWS_REGION``.

    Raises BadInputError where there is no such value.
    """

    def place(found: re.Match[str]) -> str:
        if found.group() in ("{{", "}}"):
            return found.group()[0]
        key = parse_key(found.group(1))
        reading = walk(profile.data, key.path) if key.kind == "profile" else None
        if not isinstance(reading, Found) or isinstance(reading.value, dict | list):
            raise BadInputError(
                f"{{{key.text}}} has no value", where=f"{profile.path}: {where}", hint="Write {{ for a brace."
            )
        value = reading.value
        return value if isinstance(value, str) else value_words(value)

    return _PLACE.sub(place, text)
