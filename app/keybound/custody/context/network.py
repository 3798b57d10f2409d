"""How providers are reached from this home."""

import os

from keybound.custody.context.config import read_config
from keybound.custody.context.context import Context
from keybound.domain.profile.inherit import absolute
from keybound.remote.http import Network


def network_of(context: Context) -> Network:
    """The usual limits, and the private CA that config.toml names. Raises BadInputError for a broken config.toml."""
    ca = read_config(context.home).ca
    return Network(absolute(ca, os.path.dirname(context.home.settings), context.home.user) if ca else "")
