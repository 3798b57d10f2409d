"""A profile's own ``[env]`` and ``[roles.grants]`` that are not as approved: they withhold without a token being at fault."""

from collections.abc import Iterator

from keybound.custody.evaluation.evaluate import Evaluation
from keybound.custody.tokens.sealing import profile_part_changed


def unapproved_parts(evaluation: Evaluation) -> Iterator[tuple[str, str]]:
    """Profile and sentence for each part; the sentence names the command."""
    for name, loaded in evaluation.loaded.items():
        for part in profile_part_changed(loaded.profile, evaluation.seals[name]):
            words = "[env]" if part == "env" else "[roles.grants]"
            yield name, f"{words} is not approved: keybound approve {name}"
