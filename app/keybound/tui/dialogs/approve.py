"""Approve: what would be accepted, with its difference."""

from collections.abc import Sequence

from keybound.domain.clean import clean
from keybound.tui.dialogs.confirm import Confirm
from keybound.tui.ink import Line, line


def difference(text: str) -> Sequence[Line]:
    """A difference as lines: what was approved is neutral, what is now stands out."""
    made = []
    for row in text.split("\n"):
        style = "state-unapproved" if row.startswith("+") else "" if row.startswith("-") else "muted"
        made.append(line((clean(row), style)))
    return made


class Approve(Confirm):
    """Seals the very snapshot that is shown."""

    def __init__(self, token: str, text: str) -> None:
        said = line(("Sealed as it is shown here; the token is held to it from now on.", "muted"))
        super().__init__(f"Approve {token}?", [said, (), *difference(text)], "Approve")
