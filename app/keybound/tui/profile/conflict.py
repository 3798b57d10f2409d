"""Unsaved text and the file changed the same lines: one of the two has to be chosen."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from keybound.tui.dialogs.ways import Ways
from keybound.tui.styled_text import Line, line


class Conflict(Ways):
    """Answers "mine", which writes nothing yet, or "theirs"; esc decides nothing.

    ``difference``: the file's lines and then those of the text.
    """

    WAYS: ClassVar[Mapping[str, str]] = {"mine": "Keep mine", "theirs": "Take the file's"}
    KEYS = "tab other · ⏎ choose · esc later"
    MOST = 20

    def __init__(self, profile: str, difference: Sequence[Line]) -> None:
        super().__init__()
        self._profile, self._difference = profile, difference

    def question(self) -> str:
        """What happened."""
        return f"{self._profile}.toml was changed"

    def said(self) -> Sequence[Line | str]:
        """What differs, and what each answer does."""
        return [
            "Another program changed lines that you changed, too.",
            line(("- the file now, + your text", "muted")),
            (),
            *self._difference,
            (),
            "Keep mine: saving replaces what the file has now.",
            f"Take the file's: your edits go; {self.key('to_shell')} brings them back.",
            "",
        ]
