"""What was begun with a store and not ended, in a line each."""

import os
from collections.abc import Iterator

from keybound.custody.context.context import Context
from keybound.custody.store_change.move_record import unfinished_move
from keybound.domain.errors import UnavailableError
from keybound.stores.age.age_paths import REKEYING


def unfinished_store_changes(context: Context) -> Iterator[str]:
    """A line for each, with the command that finishes it. Contacts no store."""
    try:
        if (move := unfinished_move(context.home)) is not None:
            yield (
                f"moving secrets from {move.source} to {move.target} was interrupted; "
                f"finish it: keybound store move {move.source} {move.target}"
            )
    except UnavailableError as fault:
        yield str(fault)
    if os.path.lexists(os.path.join(context.home.data, "store", REKEYING)):
        yield "encrypting the file store anew was interrupted; finish it: keybound store rekey"
