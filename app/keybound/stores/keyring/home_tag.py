"""Names of items in a keyring that many homes share."""

import os

from keybound.domain.text.digests import sha256

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keybound.stores.base import Item

PREFIX = "keybound:"


def home_tag(config_dir: str) -> str:
    """The 12 hex digits that stand for a home: of its configuration folder's absolute path, links kept."""
    return str(sha256(os.fsencode(os.path.abspath(config_dir))).hexdigest()[:12])


def service_of(item: "Item") -> str:
    """The service name of an item: ``keybound:profile/name``, or ``keybound:profile`` for a profile's seal."""
    return PREFIX + (item.profile if item.name is None else f"{item.profile}/{item.name}")


def user_of(item: "Item", tag: str) -> str:
    """The user name of an item: ``part@tag``."""
    return f"{item.part}@{tag}"


def item_of(service: str, user: str, tag: str) -> "Item | None":
    """The item with these names in the home ``tag``; None where it is another home's or not ours."""
    part, at, home = user.rpartition("@")
    if not service.startswith(PREFIX) or not at or home != tag:
        return None
    profile, slash, name = service[len(PREFIX) :].partition("/")
    from keybound.stores.base import Item

    return Item(profile, name if slash else None, part)
