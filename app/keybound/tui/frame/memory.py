"""What is remembered from one start to the next, read with care: the file may hold anything."""

from collections.abc import Mapping

View = Mapping[str, object]


def table(view: View, name: str) -> View:
    """A table, or an empty one."""
    found = view.get(name)
    return found if isinstance(found, dict) else {}


def text(view: View, name: str) -> str:
    """A text, or ""."""
    found = view.get(name)
    return found if isinstance(found, str) else ""


def texts(view: View, name: str) -> list[str]:
    """The texts of a list."""
    found = view.get(name)
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []
