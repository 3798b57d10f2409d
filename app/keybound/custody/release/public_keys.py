"""The public keys by which others check minted tokens."""

from collections.abc import Sequence
from typing import NamedTuple

from keybound.custody.context.context import Context
from keybound.custody.evaluation.evaluate import Judged
from keybound.custody.minting.key_set import checking_keys, read_keys
from keybound.custody.tokens.expire import evaluate_and_record
from keybound.domain.errors import RefusedError
from keybound.domain.verdict.states import State


class PublicKeys(NamedTuple):
    """The keys as members of a key set (RFC 7517); ``left_out``: tokens whose keys are not among them, and why."""

    keys: tuple[dict[str, str], ...]
    left_out: tuple[str, ...]


def public_keys(context: Context, profiles: Sequence[str]) -> PublicKeys:
    """The keys of every minted token of these profiles: of an expired one none, so that nothing of it is accepted longer.

    Raises BadInputError for a profile that cannot be read, StoreLockedError, StoreAwayError.
    """
    evaluation = evaluate_and_record(context, profiles)
    for fault in evaluation.faults.values():
        raise fault
    keys: dict[str, dict[str, str]] = {}
    left_out = []
    for one in evaluation.judged:
        if one.token is None or one.token.mint is None:
            continue
        if why := _kept_back(one):
            left_out.append(f"{one.id} is left out: {why}")
        else:
            keys |= {key["kid"]: key for key in stored_keys(one, context.clock().timestamp())}
    return PublicKeys(tuple(keys.values()), tuple(left_out))


def stored_keys(one: Judged, now: float) -> list[dict[str, str]]:
    """The keys by which a token's JWTs are checked; those of HS256 are the signing keys themselves. Raises RefusedError."""
    envelope = one.held.envelope
    if envelope is None or envelope.secret is None or not envelope.signs:
        raise RefusedError(f"{one.id} has no signing key: {one.verdict.why}")
    return list(checking_keys(read_keys(envelope.secret), now))


def _kept_back(one: Judged) -> str:
    envelope = one.held.envelope
    if envelope is None or envelope.secret is None or not envelope.signs:
        return "it has no signing key"
    if one.verdict.state is State.EXPIRED:
        return "it is expired"
    return "a key of HS256 has no public half" if envelope.signs == "HS256" else ""
