"""Plain variables: ``[env]`` with its places filled in, exported only as approved."""

import re

from keybound.custody.evaluate import Evaluation
from keybound.domain.definition import Profile
from keybound.domain.errors import BadInput
from keybound.domain.keys import parse_key
from keybound.domain.readings import Found
from keybound.domain.walk import walk
from keybound.domain.wording import value_words

_PLACE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")


def plain_variables(evaluation: Evaluation, profile: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """The variables to export, and the names of those that are withheld because they are not approved."""
    loaded = evaluation.loaded[profile].profile
    if not loaded.env:
        return {}, ()
    if not evaluation.env_approved(loaded):
        return {}, tuple(loaded.env)
    return {name: fill(loaded, name, text) for name, text in loaded.env.items()}, ()


def fill(profile: Profile, variable: str, text: str) -> str:
    """Replace each ``{key}`` by its value. Raises BadInput where there is no such value."""

    def place(found: re.Match[str]) -> str:
        if found.group() in ("{{", "}}"):
            return found.group()[0]
        key = parse_key(found.group(1))
        reading = walk(profile.data, key.path) if key.kind == "profile" else None
        if not isinstance(reading, Found) or isinstance(reading.value, dict | list):
            raise BadInput(
                f"{{{key.text}}} has no value", where=f"{profile.path}: env.{variable}", hint="Write {{ for a brace."
            )
        value = reading.value
        return value if isinstance(value, str) else value_words(value)

    return _PLACE.sub(place, text)
