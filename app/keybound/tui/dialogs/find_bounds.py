"""The same list, found in by typing: letters narrow it, space marks, Enter says that the choice is made."""

from collections.abc import Sequence

from textual import events

from keybound.custody.view_models.adding import Suggestion
from keybound.tui.dialogs.bounds import Bounds
from keybound.tui.styled_text import Line, line
from keybound.tui.words import fuzzy


class FindBounds(Bounds):
    """Keys, narrowed by what was typed: its letters in a key, or the whole of it in key, value or origin."""

    def __init__(self) -> None:
        super().__init__()
        self.needle = ""
        self.looked = False  # whether the keys have come

    @property
    def listed(self) -> Sequence[Suggestion]:
        """Those that what was typed fits; those that hold it whole come first."""
        words = self.needle.lower()
        fits = [one for one in self.offers if words in _text(one) or fuzzy(words, one.key)]
        return sorted(fits, key=lambda one: words not in _text(one))

    @property
    def here(self) -> Suggestion | None:
        """The key under the cursor, where the list shows it."""
        return next((one for one in self.listed if one.key == self.cursor), None)

    def show(self, offers: Sequence[Suggestion]) -> None:
        """Show the keys."""
        self.looked = True
        super().show(offers)

    def entries(self, width: int) -> Sequence[tuple[str, Sequence[Line]]]:
        """One row each; where there is none, why."""
        if self.listed:
            return super().entries(width)
        said = "no key or value has this" if self.needle else "no key has a value here"
        return [("", [line((f"  {said if self.looked else 'reading the keys…'}", "muted"))])]

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """What can be typed is typed."""
        return character is not None and character.isprintable() and character != " "

    def on_key(self, event: events.Key) -> None:
        """Look for one character more, or less."""
        if event.key == "backspace":
            needle = self.needle[:-1]
        elif self.check_consume_key(event.key, event.character):
            needle = self.needle + (event.character or "")
        else:
            return
        event.stop()
        event.prevent_default()
        self._look_for(needle)

    def _look_for(self, needle: str) -> None:
        self.needle = needle
        self.repaint()
        if self.listed:
            self.stand(self.listed[0].key)
        self.post_message(self.Moved())


def _text(one: Suggestion) -> str:
    return f"{one.key} {one.value} {one.origin}".lower()
