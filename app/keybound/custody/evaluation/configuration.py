"""The digest of a token's bound configuration as it is here and now: no store is needed."""

from typing import NamedTuple

from keybound.custody.context.context import Context
from keybound.custody.evaluation.evaluate import readings_of
from keybound.custody.profiles.library import Library
from keybound.domain.errors import BadInputError, NotFoundError, RefusedError
from keybound.domain.seal.config_digest import bound_keys, config_digest
from keybound.domain.values.names import TokenId
from keybound.sources.files.snapshot import Snapshot


class Configuration(NamedTuple):
    """The digest, and the keys that it is of."""

    digest: str
    keys: list[str]


def configuration(context: Context, id_: TokenId) -> Configuration:
    """Read every key that the token is bound to. Raises NotFoundError, BadInputError, RefusedError where one is unreadable."""
    loaded = Library(context.home).load(id_.profile)
    token = loaded.profile.tokens.get(id_.name)
    if token is None:
        raise NotFoundError(f"{id_.profile} defines no token {id_.name}")
    readings = readings_of(context, loaded, Snapshot(), [token])
    try:
        return Configuration(config_digest(token, readings), bound_keys(token))
    except BadInputError as fault:
        raise RefusedError(f"{id_} has no digest: {fault.what}") from None
