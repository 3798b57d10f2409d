"""Sign a fresh token; the one place where a signing key is used."""

import math
import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from keybound.custody.minting.findings import key_fault
from keybound.custody.minting.key_set import KeySet, checking_keys, read_keys
from keybound.domain.errors import RefusedError
from keybound.domain.guard.expiry_times import expiry_time
from keybound.domain.profile.definition import Profile, Token
from keybound.domain.profile.mint import Mint
from keybound.domain.profile.places import fill
from keybound.domain.seal.config_digest import config_digest
from keybound.domain.seal.envelope import Envelope
from keybound.domain.text.compact_json import dumps
from keybound.domain.text.secret import Secret
from keybound.domain.values.readings import Read, Value
from keybound.jose.compact import sign
from keybound.verify import VerificationError, verify

_SPARE = 1.0  # shells count whole seconds, and ask a little before the half is reached
_OWN = ("exp", "nbf", "iat", "jti")  # claims that differ between two tokens of one configuration


class Minted(NamedTuple):
    """A signed token. ``renew_at``: half of its life, ``ends``: all of it, in epoch seconds; ``jti`` and ``key`` name it."""

    token: Secret
    renew_at: float
    ends: float
    jti: str
    key: str


def mint(
    profile: Profile,
    token: Token,
    envelope: Envelope,
    readings: Mapping[str, Read],
    now: datetime,
    held: Sequence[str] = (),
) -> Minted:
    """Sign a token on these readings.

    ``held``: what the asking shell holds of it; one that says the same and is in the first half of its life is returned as
    it is. Raises RefusedError or BadInputError with the reason why none can be signed.
    """
    if token.mint is None or envelope.secret is None:
        raise RefusedError("it is not minted")
    if why := key_fault(token, envelope):
        raise RefusedError(why)
    keys = read_keys(envelope.secret)
    wanted = _wanted(profile, token, token.mint, config_digest(token, readings), expiry_time(token, envelope))
    kept = next(filter(None, (_kept(text, keys, wanted, now.timestamp()) for text in held)), None)
    return kept or _signed(keys, wanted, int(now.timestamp()))


class _Wanted(NamedTuple):
    """What a token is to say: all claims but those that are new each time. ``latest``: it ends by then, in epoch seconds."""

    alg: str
    ttl: int
    audience: list[str]
    claims: Mapping[str, Value]
    latest: float

    def end(self, begun: int) -> int:
        """When a token ends that begins then, in epoch seconds."""
        return int(min(begun + self.ttl, self.latest))


def _signed(keys: KeySet, wanted: _Wanted, at: int) -> Minted:
    ends, jti = wanted.end(at), os.urandom(16).hex()
    header = {"alg": wanted.alg, "kid": keys.current.id, "typ": "JWT"}
    try:
        text = sign(keys.current.jwk, header, {**wanted.claims, "iat": at, "nbf": at, "exp": ends, "jti": jti})
    except (KeyError, ValueError) as fault:
        raise RefusedError(f"it cannot be signed: {fault}") from None
    return Minted(Secret(text), (at + ends) / 2, ends, jti, keys.current.id)


def _wanted(profile: Profile, token: Token, told: Mint, config: str, end: datetime | None) -> _Wanted:
    audience = [fill(profile, "audience", one) for one in told.audience]
    claims: dict[str, Value] = {name: _filled(profile, f"claims.{name}", value) for name, value in told.claims.items()}
    if told.issuer:
        claims["iss"] = fill(profile, "issuer", told.issuer)
    claims["sub"] = fill(profile, "subject", told.subject)
    claims["aud"] = audience[0] if len(audience) == 1 else audience
    claims["keybound"] = {"profile": profile.name, "token": token.id.name, "config": config}
    return _Wanted(told.alg, told.ttl, audience, claims, end.timestamp() if end else math.inf)


def _filled(profile: Profile, place: str, value: Value) -> Value:
    if isinstance(value, str):
        return fill(profile, place, value)
    if isinstance(value, Mapping):
        return {name: _filled(profile, f"{place}.{name}", item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_filled(profile, place, item) for item in value]
    return value


def _kept(text: str, keys: KeySet, wanted: _Wanted, now: float) -> Minted | None:
    """A token that is held, where it is the one that would be signed now and has over half of its life before it."""
    current = {"keys": list(checking_keys(KeySet(keys.current), now))}
    try:
        found = verify(text, current, audience=wanted.audience, leeway=0, now=now)
    except VerificationError:
        return None
    said = {name: value for name, value in found.claims.items() if name not in _OWN}
    begun, ends = found.claims["iat"], found.claims["exp"]
    same = found.alg == wanted.alg and dumps(said, sort=True) == dumps(wanted.claims, sort=True)
    if not same or ends > wanted.end(begun) or now >= (begun + ends) / 2 - _SPARE:
        return None
    return Minted(Secret(text), (begun + ends) / 2, ends, str(found.claims.get("jti", "")), found.key_id)
