"""Plain variables: ``[env]`` with its places filled in, exported only as approved."""

from collections.abc import Mapping

from keybound.custody.envelopes.envelopes import Held
from keybound.custody.evaluation.evaluate import Evaluation
from keybound.domain.profile.places import fill
from keybound.domain.seal.seal import env_digest, from_text


def plain_variables(evaluation: Evaluation, profile: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """The variables to export, and the names of those that are withheld because they are not approved.

    Of an ``[env]`` that was changed what is as it was approved still leaves.
    """
    loaded = evaluation.loaded[profile].profile
    if not loaded.env:
        return {}, ()
    approved = loaded.env if evaluation.env_approved(loaded) else approved_env(evaluation.seals.get(profile))
    good = {name: text for name, text in loaded.env.items() if approved.get(name) == text}
    filled = {name: fill(loaded, f"env.{name}", text) for name, text in good.items()}
    return filled, tuple(name for name in loaded.env if name not in good)


def approved_env(seal: Held | None) -> Mapping[str, str]:
    """The ``[env]`` that was approved last, where the state's text of it is the one that was sealed; else nothing."""
    if seal is None or seal.envelope is None or seal.known is None or seal.blocked is not None:
        return {}
    record = from_text(seal.known.sealed_text) or {}
    found = record.get("env")
    env = {name: str(text) for name, text in found.items()} if isinstance(found, Mapping) else {}
    return env if env and env_digest(env) == seal.envelope.env_digest else {}
