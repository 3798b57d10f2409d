"""A profile's own part, its ``[env]`` and ``[roles.grants]``: what is not as approved, with its difference."""

from collections.abc import Mapping
from typing import NamedTuple

from keybound.custody.envelopes.envelopes import Held
from keybound.custody.tokens.sealing import profile_part_changed
from keybound.domain.profile.definition import Profile
from keybound.domain.seal.seal import differences, env_digest, from_text, grants_digest
from keybound.domain.values.canonical import digest
from keybound.domain.values.readings import Value


class PartProposal(NamedTuple):
    """What approving a profile's own part would accept: which parts, lines for a person, the digest of this snapshot."""

    parts: tuple[str, ...]
    lines: tuple[str, ...]
    digest: str


def part_proposal(profile: Profile, held: Held) -> PartProposal | None:
    """What of the profile's own part is not as approved; None where everything is."""
    parts = profile_part_changed(profile, held)
    if not parts:
        return None
    now, before = _now(profile), _approved(held)
    lines = differences({name: before[name] for name in parts if name in before}, {name: now[name] for name in parts})
    return PartProposal(parts, tuple(lines) or ("- nothing is set now",), part_digest(profile))


def part_digest(profile: Profile) -> str:
    """The digest of a profile's own part as it stands."""
    return digest("part", {"env": env_digest(profile.env), "grants": grants_digest(profile.grants)})


def _now(profile: Profile) -> dict[str, Value]:
    grants = profile.grants or {}
    return {"env": dict(profile.env), "grants": {role: list(scopes) for role, scopes in grants.items()}}


def _approved(held: Held) -> dict[str, Value]:
    """The parts as they were approved, each only where the text that the state kept is what was sealed."""
    kept = from_text(held.known.sealed_text) if held.known and held.known.sealed_text else None
    if not kept or held.envelope is None or held.blocked is not None:
        return {}
    env, grants = kept.get("env"), kept.get("grants")
    found: dict[str, Value] = {}
    if (
        isinstance(env, Mapping)
        and env_digest({name: str(value) for name, value in env.items()}) == held.envelope.env_digest
    ):
        found["env"] = env
    scopes = {role: tuple(map(str, one)) for role, one in _lists(grants).items()}
    if isinstance(grants, Mapping) and grants_digest(scopes) == held.envelope.grants_digest:
        found["grants"] = grants
    return found


def _lists(grants: Value) -> dict[str, list[Value]]:
    items = grants.items() if isinstance(grants, Mapping) else ()
    return {role: list(one) for role, one in items if isinstance(one, list)}
