"""Things of one kind by name: a table says in which module each stands, and it is imported when it is asked for."""

from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def load(place: str, package: str) -> "Any":
    """The object that ``place`` names as ``module:object``; a module that begins with a dot stands in ``package``."""
    module, _, name = place.partition(":")
    return getattr(import_module(module, package), name)
