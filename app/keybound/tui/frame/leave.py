"""Quit with unsaved text: save it, discard it, or stay."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from keybound.tui.dialogs.ways import Ways
from keybound.tui.styled_text import Line


class Leave(Ways):
    """Answers "save", which asks where it changes tokens, or "discard"; esc and the last button stay."""

    WAYS: ClassVar[Mapping[str, str]] = {"save": "Save", "discard": "Discard", "stay": "Stay"}
    KEYS = "tab other · ⏎ choose · esc stay"

    def __init__(self, unsaved: Sequence[str]) -> None:
        super().__init__()
        self._unsaved = unsaved

    def question(self) -> str:
        """What is asked."""
        return "Quit without saving?"

    def said(self) -> Sequence[Line | str]:
        """What is unsaved."""
        return ["", *self._unsaved, ""]
