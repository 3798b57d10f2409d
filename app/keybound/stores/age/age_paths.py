"""Where the file store keeps which item."""

import os
import re
from collections.abc import Iterator

from keybound.domain.values.names import is_name
from keybound.stores.base import Item
from keybound.stores.regular_file import regular

HOME = "@home"  # names the home that owns the plain folders; another home's are below "@<tag>"
SEALING = "@sealing"  # the lock that writers share, and that a change of the store's key or passphrase holds alone
REKEYING = "@rekeying"  # stands while items are sealed with a new key
OPENING = "@opening"  # the lock under which one process at a time asks for the passphrase
_PART = re.compile(r"[a-z0-9_-](?:[a-z0-9 _-]*[a-z0-9_-])?\Z")


def path_of(root: str, item: Item) -> str:
    """The item's file: ``profile/name.age``, ``profile/name@part.age``, ``profile/@profile.age``.

    Raises ValueError for an address that is no address: none leaves the folder, no two share a file.
    """
    if not (is_name(item.profile) and (item.name is None or is_name(item.name)) and _PART.match(item.part)):
        raise ValueError(f"not an item: {item}")
    plain = item.name is not None and item.part == "token"
    stem = item.name or ""
    return os.path.join(root, _folder(item.profile), f"{stem}.age" if plain else f"{stem}@{item.part}.age")


def homes_in(folder: str) -> Iterator[tuple[str, str]]:
    """Each home that has items here: its tag, and the folder of its items. Raises OSError."""
    try:
        with open(os.path.join(folder, HOME), "rb", opener=regular) as file:
            yield file.read(64).decode("ascii", "replace").strip(), folder
    except FileNotFoundError:
        return
    for entry in sorted(_entries(folder)):
        if entry.startswith("@") and os.path.isdir(os.path.join(folder, entry)):
            yield entry[1:], os.path.join(folder, entry)


def address_of(tag: str, item: Item) -> tuple[str, ...]:
    """What an item's seal is bound to."""
    return (tag, item.profile, "seal" if item.name is None else "token", item.name or "", item.part)


def items_below(root: str) -> Iterator[Item]:
    """The items that have a file below ``root``."""
    for folder in _entries(root):
        profile = folder.removesuffix("@")
        if is_name(profile) and folder == _folder(profile):
            for file in _entries(os.path.join(root, folder)):
                item = _item(profile, file)
                if item is not None:
                    yield item


def _folder(profile: str) -> str:
    # A profile may be called "identity.age".
    return f"{profile}@" if profile.endswith(".age") else profile


def _item(profile: str, file: str) -> Item | None:
    if not file.endswith(".age"):
        return None
    name, at, part = file.removesuffix(".age").partition("@")
    item = Item(profile, name or None, part if at else "token")
    known = (is_name(name) or not name) and _PART.match(item.part) and (at or name)
    return item if known else None


def _entries(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return []
