"""What policy.toml forbids is withheld, with the policy's file and line as the reason."""

from collections.abc import Iterator
from datetime import datetime

from keybound.custody.profiles.library import Loaded
from keybound.domain.profile.definition import Token
from keybound.domain.profile.policy import broken_by, forbidden_ways
from keybound.domain.values.keys import Member
from keybound.domain.verdict.states import Reaction, State
from keybound.domain.verdict.verdict import Finding


def policy_findings(loaded: Loaded, token: Token, now: datetime) -> Iterator[Finding]:
    """A finding for each rule that a token breaks. One about ways withholds at those ways alone, so it suspends nothing."""
    if not loaded.rules.table:
        return
    for one in broken_by(loaded.rules, token, now):
        state = State.ACTIVE if one.rule == "release" else State.SUSPENDED
        reaction = Reaction.IGNORE if one.rule == "release" else Reaction.SUSPEND
        yield Finding("", "", reaction, state, None, None, f"{_place(loaded, one.written)}: {one.what}")


def why_not_by(loaded: Loaded, way: str) -> str:
    """Why policy.toml lets nothing of the profile leave by this way; "" where it does."""
    written = forbidden_ways(loaded.rules, loaded.profile.name).get(way) if loaded.rules.table else None
    return f"{_place(loaded, written)}: tokens of {loaded.profile.name} may not be released by {way}" if written else ""


def _place(loaded: Loaded, written: tuple[str, ...]) -> str:
    """``policy.toml:3``, by its path."""
    from keybound.sources.files.locate import line_of

    text = (loaded.policy or b"").decode("utf-8", "replace")
    found = line_of(loaded.policy_path, text, [Member(name) for name in written])
    return f"{loaded.policy_path}:{found[0]}" if found else loaded.policy_path
