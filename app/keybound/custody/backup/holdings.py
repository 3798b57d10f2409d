"""What this home holds of many items at once."""

import os
from collections.abc import Iterable

from keybound.custody.context.context import Context
from keybound.custody.context.has_store import has_store
from keybound.custody.envelopes.envelopes import Held, fetch, item_id
from keybound.stores.base import Item
from keybound.stores.batches import batches
from keybound.stores.state import Known


def fetch_all(context: Context, items: Iterable[Item]) -> dict[Item, Held]:
    """What store and state hold of any number of items; where no store is chosen yet, what the state knows."""
    found: dict[Item, Held] = {}
    for some in batches(list(items)):
        if has_store(context):
            found.update(fetch(context, some))
        else:
            known = _known(context, [item_id(item) for item in some])
            found.update({item: Held(None, known.get(item_id(item))) for item in some})
    return found


def _known(context: Context, ids: list[str]) -> dict[str, Known]:
    """Makes no state where there is none: a dry run writes nothing."""
    return context.state.known(ids) if os.path.exists(os.path.join(context.home.state, "state.db")) else {}
