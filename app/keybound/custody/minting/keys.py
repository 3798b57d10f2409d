"""The envelope's side of signing keys: made, rotated, and told how long what they sign is good."""

from datetime import datetime

from keybound.custody.minting.key_set import (
    KeySet,
    SigningKey,
    as_key,
    new_key,
    read_keys,
    rotated,
    with_ttl,
    write_keys,
)
from keybound.domain.errors import BadInputError
from keybound.domain.profile.mint import Mint
from keybound.domain.seal.envelope import Envelope
from keybound.domain.text.secret import Secret, expose_secret


def with_fresh_key(envelope: Envelope, mint: Mint, now: datetime) -> Envelope:
    """The envelope with a new signing key; the one before it, if any, is retired. Raises RefusedError for damaged keys."""
    return _with_key(envelope, mint, new_key(mint.alg, mint.ttl), now)


def with_shared_key(envelope: Envelope, mint: Mint, shared: Secret, now: datetime) -> Envelope:
    """The envelope with a key that its verifier gave, for HS256 alone. Raises BadInputError, RefusedError."""
    if mint.alg != "HS256":
        raise BadInputError(f"a key of {mint.alg} is made here, and never given", hint="Leave out --by-hand.")
    from keybound.jose.symmetric import from_shared

    try:
        key = from_shared(expose_secret(shared))
    except ValueError as fault:
        raise BadInputError(str(fault), hint="Nothing was stored.") from None
    return _with_key(envelope, mint, as_key(key, mint.ttl), now)


def _with_key(envelope: Envelope, mint: Mint, fresh: SigningKey, now: datetime) -> Envelope:
    if envelope.secret is None or not envelope.signs:
        keys = KeySet(fresh)
    else:
        keys = rotated(read_keys(envelope.secret), fresh, int(now.timestamp()))
    return envelope._replace(secret=write_keys(keys), signs=mint.alg, expires_at="", not_before="", time_fault="")


def told_ttl(envelope: Envelope, mint: Mint) -> Envelope:
    """The envelope whose current key may sign tokens that are good as long as an approved definition says."""
    if envelope.secret is None or not envelope.signs:
        return envelope
    return envelope._replace(secret=write_keys(with_ttl(read_keys(envelope.secret), mint.ttl)))
