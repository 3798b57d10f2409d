"""Check a token that Keybound minted: for services in Python, and for ``keybound verify``.

    from keybound.verify import VerificationError, verify

    verified = verify(token, jwks, audience="https://deploy.example.com", config=approved)

It needs no home and no store; of Keybound it loads the JSON Web Signatures alone.
"""

import time
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from keybound.jose.compact import check_signature, key_for_checking, read_table, take_apart

LEEWAY = 30  # seconds by which the clocks of two machines may differ
_LATEST = 253_402_300_799  # the last second of the year 9999


class VerificationError(ValueError):
    """The token is not to be accepted; the text says why, and holds nothing of the token's signature or key."""


class Verified(NamedTuple):
    """What a good token says. ``config``: the digest of the configuration that it was minted under."""

    claims: Mapping[str, Any]
    key_id: str
    alg: str
    profile: str
    name: str
    config: str


def verify(
    token: str,
    jwks: Mapping[str, Any],
    *,
    audience: str | Collection[str],
    issuer: str | None = None,
    config: str | Collection[str] | None = None,
    leeway: int = LEEWAY,
    now: float | None = None,
) -> Verified:
    """Return what a token says, once its signature, times, audience and configuration are good.

    ``jwks``: the parsed output of ``keybound jwks``. ``audience``, ``config``: one accepted value, or several; with no
    ``config`` any configuration will do. ``leeway`` and ``now`` (default: the clock) are in seconds. Raises
    VerificationError.
    """
    try:
        parts = take_apart(token)
        key_id = parts.header.get("kid")
        alg = check_signature(parts, key_for_checking(jwks.get("keys"), key_id))
        claims = read_table(parts.payload, "claims")
    except ValueError as fault:
        raise VerificationError(str(fault)) from None
    _check_times(claims, time.time() if now is None else now, leeway)
    _check_audience(claims.get("aud"), _several(audience))
    if issuer is not None and claims.get("iss") != issuer:
        raise VerificationError(f"its issuer is not {issuer!r}")
    own = claims.get("keybound")
    bound = {str(name): str(text) for name, text in own.items()} if isinstance(own, Mapping) else {}
    if not bound.keys() >= {"profile", "token", "config"}:
        raise VerificationError("it was not minted by Keybound: it has no claim keybound")
    if config is not None and bound["config"] not in _several(config):
        raise VerificationError(f"it was minted under another configuration: {bound['config']}")
    return Verified(claims, str(key_id), alg, bound["profile"], bound["token"], bound["config"])


def _several(accepted: str | Collection[str]) -> Collection[str]:
    return (accepted,) if isinstance(accepted, str) else accepted


def _check_times(claims: Mapping[str, object], now: float, leeway: int) -> None:
    ends, starts = _moment(claims, "exp"), _moment(claims, "nbf", "iat")
    if now >= ends + leeway:
        raise VerificationError("it has expired")
    if now < starts - leeway:
        raise VerificationError("it is not valid yet")


def _moment(claims: Mapping[str, object], *names: str) -> float:
    """The latest of these claims, which must all be there."""
    found = []
    for name in names:
        value = claims.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LATEST:
            raise VerificationError(f"its claim {name} is not a time")
        found.append(float(value))
    return max(found)


def _check_audience(named: object, accepted: Collection[str]) -> None:
    names = [named] if isinstance(named, str) else named if isinstance(named, list) else []
    if not any(isinstance(name, str) and name in accepted for name in names):
        raise VerificationError(f"it is not for {' or '.join(repr(one) for one in accepted)}")
