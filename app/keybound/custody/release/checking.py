"""Check a minted token against what this home would sign now."""

from collections.abc import Sequence
from typing import Any

from keybound.custody.context.context import Context
from keybound.custody.evaluation.evaluate import find
from keybound.custody.release.public_keys import stored_keys
from keybound.domain.errors import BadInputError, RefusedError
from keybound.domain.profile.places import fill
from keybound.domain.seal.config_digest import config_digest
from keybound.domain.values.names import TokenId
from keybound.verify import VerificationError, Verified, verify


def check_own(context: Context, id_: TokenId, text: str, config: Sequence[str] = ()) -> Verified:
    """What a token says that is good here: by the stored keys, for its definition's issuer and audience.

    ``config``: the digests to accept; none: that of the configuration as it is now. Raises VerificationError, RefusedError,
    NotFoundError, BadInputError, StoreLockedError, StoreAwayError.
    """
    one = find(context, id_)
    if one.inputs is None or one.loaded is None or one.inputs.token.mint is None:
        raise RefusedError(
            f"{id_} is not minted", hint="To check by a key set: keybound verify --jwks FILE --audience WHO"
        )
    profile, mint, now = one.loaded.profile, one.inputs.token.mint, context.clock().timestamp()
    accepted: dict[str, Any] = {"audience": [fill(profile, "audience", each) for each in mint.audience]}
    if mint.issuer:
        accepted["issuer"] = fill(profile, "issuer", mint.issuer)
    try:
        accepted["config"] = list(config) or config_digest(one.inputs.token, one.inputs.readings)
    except BadInputError as fault:
        raise RefusedError(f"{id_} has no digest to compare with: {fault.what}") from None
    found = verify(text, {"keys": stored_keys(one, now)}, **accepted, now=now)
    if (found.profile, found.name) != (id_.profile, id_.name):
        raise VerificationError(f"it is a token of {found.profile}/{found.name}")
    return found
