"""A profile with one token ``t``, and the facts that a verdict on it needs."""

from datetime import UTC, datetime
from typing import Any

from keybound.custody.evaluation.rule_tools import TOOLS
from keybound.domain.guard.guard import GuardInput
from keybound.domain.profile.definition import Profile, Token
from keybound.domain.profile.inherit import effective
from keybound.domain.profile.schema import check_table
from keybound.domain.seal.envelope import Envelope
from keybound.domain.seal.seal import definition_digest, definition_record
from keybound.domain.text.secret import Secret
from keybound.domain.values.readings import Found, Read, Value

NOW = datetime(2026, 5, 17, 12, tzinfo=UTC)
NOW_NS = 10**18


def profile_of(token: dict[str, Value], **more: Value) -> Profile:
    table: dict[str, Value] = {"tokens": {"t": {"env": "T", **token}}, **more}
    check_table(table)
    return effective(["p"], ["/p.toml"], [table])


def inputs_of(profile: Profile, readings: dict[str, Read], **changes: Any) -> GuardInput:
    token: Token = profile.tokens["t"]
    digest = definition_digest(definition_record(token, profile))
    envelope = Envelope("/home", "p/t", "token", "i", 1, Secret("s"), digest=digest, key="00" * 32)
    envelope = envelope._replace(refreshed_at=NOW.isoformat())
    inputs = GuardInput(
        token, digest, envelope, readings, profile.active_roles, profile.grants, True,
        Read(Found(list(profile.active_roles)), "/p.toml", 0), NOW, NOW_NS, TOOLS,
    )  # fmt: skip
    return inputs._replace(**changes)
