"""Tokens and findings as JSON: stable, documented, without a secret."""

from collections.abc import Mapping

from keybound.custody.context.context import Context
from keybound.custody.evaluation.describe import bound_rows, carried_rows
from keybound.custody.evaluation.evaluate import Judged
from keybound.custody.evaluation.last_released import last_released
from keybound.custody.tokens.approve import propose
from keybound.domain.errors import KeyboundError
from keybound.domain.guard.expiry_times import expiry_time
from keybound.domain.profile.renewal_words import refresh_words, revoke_words
from keybound.domain.verdict.verdict import Finding, Shown
from keybound.stores.state import Known

Json = dict[str, object]


def _shown(shown: Shown | None) -> object:
    if shown is None:
        return None
    return {"hidden": True} if shown.hidden else shown.text


def finding_json(finding: Finding) -> Json:
    """A finding."""
    return {
        "key": finding.key,
        "rule": finding.rule,
        "reaction": finding.reaction.word,
        "approved": _shown(finding.approved),
        "now": _shown(finding.now),
        "message": finding.message,
        **({"then": _shown(finding.then), "since": finding.since} if finding.then else {}),
    }


def row(judged: Judged, times: Mapping[str, str]) -> Json:
    """A token as ``list --json`` gives it. ``times``: when tokens were last released."""
    token, envelope = judged.token, judged.held.envelope
    expires = expiry_time(token, envelope) if token and envelope else None
    return {
        "id": str(judged.id),
        "profile": judged.id.profile,
        "name": judged.id.name,
        "state": judged.verdict.state.word,
        "env": list(token.env) if token else [],
        "kind": token.kind if token else None,
        "scopes": list(token.scopes) if token else [],
        "expires": expires.isoformat() if expires else None,
        "last_released": times.get(str(judged.id)),
        "findings": [finding_json(finding) for finding in judged.verdict.findings],
    }


def show_json(judged: Judged, context: Context) -> Json:
    """A token as ``show --json`` and ``why --json`` give it."""
    envelope = judged.held.envelope
    bound = [
        {
            "key": one.key,
            "rules": one.rule,
            "approved": _shown(one.approved),
            "now": _shown(one.now),
            "inside": one.inside,
        }
        for one in bound_rows(judged)
    ]
    try:
        digest = propose(context, judged.id).digest
    except KeyboundError:
        digest = ""
    return {
        **row(judged, last_released(context)),
        "bound": bound,
        "store": context.store.label,
        "sealed_at": envelope.sealed_at if envelope else None,
        "digest": digest,
        "carries": dict(carried_rows(judged)),
        **_rotation(judged),
    }


def _rotation(judged: Judged) -> Json:
    """How it gets its next secret, how its last one is ended, and how many are still to be."""
    token, envelope = judged.token, judged.held.envelope
    return {
        "refresh": refresh_words(token) if token else None,
        "revoke": revoke_words(token) if token else None,
        "to_revoke": len(envelope.retired) if envelope else 0,
    }


def known_row(known: Known) -> Json:
    """What was last known of a token, while the store is away."""
    profile, _, name = known.id.partition("/")
    state = "expired" if known.pending else (known.verdict or None)
    return {"id": known.id, "profile": profile, "name": name, "state": state, "stale": True}
