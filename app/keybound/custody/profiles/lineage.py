"""In which file of a profile's lineage a key stands."""

from collections.abc import Mapping, Sequence

from keybound.custody.profiles.library import Loaded, Page


def page_of(loaded: Loaded, names: Sequence[str]) -> tuple[str, Page] | None:
    """The nearest profile of the lineage whose own file has the key, and that file; None where none has it."""
    pairs = zip(loaded.profile.lineage, loaded.pages, strict=True)
    return next(((name, page) for name, page in pairs if _has(page.table, names)), None)


def line_in(page: Page, names: Sequence[str]) -> int:
    """The line, from 1, where a key stands in the profile's own file; 0 where it does not."""
    from keybound.sources.formats.toml_lines import lines_of_toml

    place = lines_of_toml(page.text).place(names)
    return place[0] if place else 0


def _has(table: object, names: Sequence[str]) -> bool:
    for name in names:
        if not isinstance(table, Mapping) or name not in table:
            return False
        table = table[name]
    return True
