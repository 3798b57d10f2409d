"""In which file of a profile's lineage a key stands."""

from collections.abc import Mapping, Sequence

from keybound.custody.profiles.library import Loaded, Page


def page_of(loaded: Loaded, names: Sequence[str]) -> tuple[str, Page] | None:
    """The nearest profile of the lineage whose own file has the key, and that file; None where none has it."""
    pairs = zip(loaded.profile.lineage, loaded.pages, strict=True)
    return next(((name, page) for name, page in pairs if _has(page.table, names)), None)


def _has(table: object, names: Sequence[str]) -> bool:
    for name in names:
        if not isinstance(table, Mapping) or name not in table:
            return False
        table = table[name]
    return True
