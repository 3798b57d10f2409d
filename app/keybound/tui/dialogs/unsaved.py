"""Unsaved text of an earlier start is offered again."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from keybound.custody.view_models.plans import SavedDraft
from keybound.tui.dialogs.ways import Ways
from keybound.tui.styled_text import Line, line
from keybound.tui.words import moment


class UnsavedText(Ways):
    """Answers "open" or "drop"; esc leaves it for the next start."""

    WAYS: ClassVar[Mapping[str, str]] = {"open": "Open it", "drop": "Discard it"}
    KEYS = "⏎ choose · esc later"

    def __init__(self, draft: SavedDraft) -> None:
        super().__init__()
        self._draft = draft

    def question(self) -> str:
        """What it is about."""
        return "Unsaved text"

    def said(self) -> Sequence[Line | str]:
        """What there is, and since when."""
        when = moment(self._draft.at, self.host.now())
        head = line((f"{self._draft.profile}.toml", "bold"), " has unsaved edits from ", (when, "bold"), ".")
        return ["", head, "Nothing is written until you save it.", ""]
