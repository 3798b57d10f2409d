"""What this home holds of many items at once."""

import os
from collections.abc import Iterable

from keybound.custody.context.context import Context
from keybound.custody.envelopes.envelopes import Held, fetch, item_id
from keybound.stores.age.age_file import AgeFileStore
from keybound.stores.base import Item
from keybound.stores.state import Known

_AT_ONCE = 100  # items in one call: a call has a time limit


def fetch_all(context: Context, items: Iterable[Item]) -> dict[Item, Held]:
    """What store and state hold of any number of items; where no store is chosen yet, what the state knows."""
    found: dict[Item, Held] = {}
    wanted = list(items)
    for begin in range(0, len(wanted), _AT_ONCE):
        some = wanted[begin : begin + _AT_ONCE]
        if has_store(context):
            found.update(fetch(context, some))
        else:
            known = _known(context, [item_id(item) for item in some])
            found.update({item: Held(None, known.get(item_id(item))) for item in some})
    return found


def has_store(context: Context) -> bool:
    """Whether a store is chosen, and made where it lies in files."""
    if not context.chosen_store():
        return False
    store = context.store
    return not isinstance(store, AgeFileStore) or store.exists()


def _known(context: Context, ids: list[str]) -> dict[str, Known]:
    """Makes no state where there is none: a dry run writes nothing."""
    return context.state.known(ids) if os.path.exists(os.path.join(context.home.state, "state.db")) else {}
