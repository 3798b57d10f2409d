"""Whether this home has a store yet."""

from keybound.custody.context.context import Context


def has_store(context: Context) -> bool:
    """Whether one is chosen, and made where it lies in files. Contacts none. Raises BadInputError for one that is none."""
    if not context.chosen_store():
        return False
    store = context.store
    if store.label != "file":
        return True
    from keybound.stores.age.age_file import AgeFileStore  # loaded by now

    return isinstance(store, AgeFileStore) and store.exists()
