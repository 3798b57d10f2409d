"""Make a seal: the digest of what was shown, the baselines of its readings, under a key of its own."""

import os
from collections.abc import Mapping

from keybound.custody.context.context import Context
from keybound.custody.envelopes.envelopes import Held
from keybound.custody.evaluation.evaluate import Judged
from keybound.custody.programs.programs import note_programs
from keybound.custody.tokens.signature import with_signature
from keybound.domain.guard.guard import judge
from keybound.domain.profile.definition import Profile, Token
from keybound.domain.seal.carried import carried_readings
from keybound.domain.seal.envelope import Envelope
from keybound.domain.seal.next_key import next_key
from keybound.domain.seal.seal import (
    definition_digest,
    definition_record,
    env_digest,
    grants_digest,
    to_text,
)
from keybound.domain.text.secret import Secret
from keybound.domain.values.canonical import keyed_digest
from keybound.domain.values.moments import stamp
from keybound.domain.values.readings import Read, Unreadable, changed
from keybound.domain.verdict.states import Reaction
from keybound.domain.verdict.sticky import Sticky, stuck
from keybound.domain.verdict.verdict import Finding, Verdict
from keybound.stores.state import Known


def new_envelope(
    context: Context, token: Token, profile: Profile, secret: Secret | None, readings: Mapping[str, Read]
) -> Envelope:
    """An envelope for a token that has none, sealed on these readings; one that is minted gets a signing key."""
    now = stamp(context.clock())
    blank = Envelope(context.home.config, str(token.id), "token", os.urandom(8).hex(), 1, secret, refreshed_at=now)
    envelope = resealed(context, blank._replace(epoch=0), token, profile, readings)
    if token.mint is None:
        return envelope
    from keybound.custody.minting.keys import with_fresh_key

    return with_fresh_key(envelope, token.mint, context.clock())


def resealed(
    context: Context, envelope: Envelope, token: Token, profile: Profile, readings: Mapping[str, Read]
) -> Envelope:
    """The next epoch of an envelope: this definition and these readings approved, nothing sticky."""
    envelope = with_signature(envelope, token)
    sealed = _baselined(envelope, token, profile, readings)
    if token.mint is not None and sealed.signs:
        from keybound.custody.minting.keys import told_ttl

        sealed = told_ttl(sealed, token.mint)
    programs = note_programs(token, context.environ.get("PATH", os.defpath))
    return sealed._replace(epoch=envelope.epoch + 1, programs=programs, sealed_at=stamp(context.clock()))


def _baselined(envelope: Envelope, token: Token, profile: Profile, readings: Mapping[str, Read]) -> Envelope:
    digest = definition_digest(definition_record(token, profile))
    key = bytes.fromhex(_next_key(envelope, digest))
    readings = {**readings, **carried_readings(token, envelope)}
    approved = {
        binding.key.text: keyed_digest(key, binding.key.text, changed(readings[binding.key.text].reading))
        for binding in token.bindings
        if binding.keeps_baseline and not isinstance(readings[binding.key.text].reading, Unreadable)
    }
    return envelope._replace(digest=digest, key=key.hex(), approved=approved, sticky=None)


def _next_key(envelope: Envelope, digest: str) -> str:
    """The key of the next seal, in hex; the first one is fresh."""
    return next_key(envelope.key, envelope.epoch + 1, digest) if envelope.key else os.urandom(32).hex()


def if_approved(one: Judged, *, part_sealed: bool = False) -> Verdict | None:
    """The verdict as it would be if definition and present readings were approved now; None where that cannot be told.

    ``part_sealed``: its profile's own part is approved in the same act.
    """
    inputs, loaded = one.inputs, one.loaded
    if inputs is None or loaded is None or inputs.envelope is None:
        return None
    sealed = _baselined(inputs.envelope, inputs.token, loaded.profile, inputs.readings)
    granted = inputs.grants_approved or part_sealed
    return judge(
        inputs._replace(envelope=sealed, digest=sealed.digest, pending="", blocked=None, grants_approved=granted)
    )


def still_outside(one: Judged) -> tuple[Finding, ...]:
    """What would refresh or expire the token even if its definition and its present readings were approved now."""
    verdict = if_approved(one)
    found = verdict.findings if verdict else ()
    return tuple(each for each in found if each.key and each.reaction >= Reaction.REFRESH)


def known_of(envelope: Envelope, token: Token, profile: Profile, before: Known | None) -> Known:
    """What the state keeps of a sealed token: its epoch, and the sealed text for a later difference."""
    text = to_text(definition_record(token, profile))
    return known_record(envelope, text, before)


def known_record(envelope: Envelope, sealed_text: str, before: Known | None) -> Known:
    """The state's row for an envelope."""
    return Known(
        id=envelope.id,
        incarnation=envelope.incarnation,
        epoch=envelope.epoch,
        removed=False,
        sealed_text=sealed_text,
        pending="",
        verdict=before.verdict if before else "",
    )


def sticky_of(held: Held, now: str) -> Sticky | None:
    """What stays until the owner acts: recorded in the envelope, or still pending in the state."""
    sticky = held.envelope.sticky if held.envelope is not None else None
    found = stuck(sticky, held.known.pending if held.known else "")
    return found._replace(at=found.at or now) if found else sticky


def profile_text(profile: Profile) -> str:
    """What the state keeps of a profile's own part as it was sealed."""
    grants = {} if profile.grants is None else {"grants": {role: list(one) for role, one in profile.grants.items()}}
    return to_text({"env": dict(profile.env), **grants})


def removed_record(held: Held) -> tuple[Known, ...]:
    """The row that keeps a removed item from coming back, also where a lost state did not know it."""
    known = held.known or (known_record(held.envelope, "", None) if held.envelope else None)
    return (known._replace(removed=True, pending=""),) if known else ()


def profile_seal(context: Context, profile: Profile, held: Held) -> Envelope:
    """The next seal of a profile's own part: its ``[env]`` and ``[roles.grants]`` as they are now."""
    old = held.envelope
    base = old or Envelope(context.home.config, profile.name, "profile", os.urandom(8).hex(), 0, None)
    env, grants = env_digest(profile.env), grants_digest(profile.grants)
    return base._replace(
        epoch=base.epoch + 1,
        key=_next_key(base, env + grants),
        env_digest=env,
        grants_digest=grants,
        sealed_at=stamp(context.clock()),
    )


def profile_part_changed(profile: Profile, held: Held) -> tuple[str, ...]:
    """Which of the profile's own parts are not as they were sealed: "env", "grants"."""
    envelope = held.envelope if held.blocked is None else None
    parts = {
        "env": (env_digest(profile.env), envelope.env_digest if envelope else ""),
        "grants": (grants_digest(profile.grants), envelope.grants_digest if envelope else ""),
    }
    return tuple(name for name, (now, sealed) in parts.items() if now != sealed)


def matched_seal(judged: Judged) -> bool:
    """Whether the definition is the approved one, so that the owner's next edit may seal it again."""
    envelope = judged.held.envelope
    if envelope is None or judged.inputs is None or judged.held.blocked is not None:
        return False  # an older copy is the owner's to approve
    return envelope.digest == judged.inputs.digest
