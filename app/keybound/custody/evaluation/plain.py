"""Plain variables: ``[env]`` with its places filled in, exported only as approved."""

import re
from collections.abc import Mapping

from keybound.custody.envelopes.envelopes import Held
from keybound.custody.evaluation.evaluate import Evaluation
from keybound.domain.errors import BadInputError
from keybound.domain.profile.definition import Profile
from keybound.domain.seal.seal import env_digest, from_text
from keybound.domain.values.keys import parse_key
from keybound.domain.values.readings import Found
from keybound.domain.values.walk import walk
from keybound.domain.verdict.wording import value_words

_PLACE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")


def plain_variables(evaluation: Evaluation, profile: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """The variables to export, and the names of those that are withheld because they are not approved.

    Of an ``[env]`` that was changed what is as it was approved still leaves.
    """
    loaded = evaluation.loaded[profile].profile
    if not loaded.env:
        return {}, ()
    approved = loaded.env if evaluation.env_approved(loaded) else approved_env(evaluation.seals.get(profile))
    good = {name: text for name, text in loaded.env.items() if approved.get(name) == text}
    filled = {name: fill(loaded, name, text) for name, text in good.items()}
    return filled, tuple(name for name in loaded.env if name not in good)


def approved_env(seal: Held | None) -> Mapping[str, str]:
    """The ``[env]`` that was approved last, where the state's text of it is the one that was sealed; else nothing."""
    if seal is None or seal.envelope is None or seal.known is None or seal.blocked is not None:
        return {}
    record = from_text(seal.known.sealed_text) or {}
    found = record.get("env")
    env = {name: str(text) for name, text in found.items()} if isinstance(found, Mapping) else {}
    return env if env and env_digest(env) == seal.envelope.env_digest else {}


def fill(profile: Profile, variable: str, text: str) -> str:
    """Replace each ``{key}`` by its value. Raises BadInputError where there is no such value."""

    def place(found: re.Match[str]) -> str:
        if found.group() in ("{{", "}}"):
            return found.group()[0]
        key = parse_key(found.group(1))
        reading = walk(profile.data, key.path) if key.kind == "profile" else None
        if not isinstance(reading, Found) or isinstance(reading.value, dict | list):
            raise BadInputError(
                f"{{{key.text}}} has no value", where=f"{profile.path}: env.{variable}", hint="Write {{ for a brace."
            )
        value = reading.value
        return value if isinstance(value, str) else value_words(value)

    return _PLACE.sub(place, text)
