"""The two places for secrets, one of them chosen."""

from collections.abc import Sequence

from keybound.custody.view_models.first_run import StoreChoice
from keybound.tui.canvas import ListCanvas
from keybound.tui.styled_text import Line, line, wrapped

_START = "Start one (gnome-keyring, KWallet, KeePassXC), then choose it"
KEYRING, FILES = "keyring", "file"


class Stores(ListCanvas, can_focus=False):
    """``choice``: what the machine has; None while that is looked for. ``refused``: why a try failed."""

    choice: StoreChoice | None = None
    refused = ""

    @property
    def kind(self) -> str:
        """The store that is chosen, or "" while it is not known which there are."""
        return self.cursor if self.choice is not None else ""

    def show(self, choice: StoreChoice) -> None:
        """Show what there is; the keyring first where it can be used."""
        first, self.choice, self.refused = self.choice is None, choice, ""
        self.repaint()
        if first:
            self.stand(FILES if choice.fixed == FILES or (choice.keyring and not choice.locked) else KEYRING)

    def refuse(self, why: str) -> None:
        """The keyring did not keep what it was given: go on with files."""
        self.refused = why
        self.repaint()
        self.stand(FILES)

    def repaint(self) -> None:
        """As high as what there is to say."""
        super().repaint()
        self.styles.height = max(len(self._lines), 1)

    def entries(self, width: int) -> Sequence[tuple[str, Sequence[Line]]]:
        """Each store, and under it how it stands."""
        choice = self.choice
        if choice is None:
            return [("", [line(("  looking for a keyring …", "muted"))])]
        made = [] if choice.fixed == FILES else [(KEYRING, self._keyring(choice, width))]
        where = f"{choice.folder}, encrypted with a passphrase (age)"
        return [*made, (FILES, [line(("  encrypted files", "bold")), *_under(where, "muted", width)])]

    def _keyring(self, choice: StoreChoice, width: int) -> list[Line]:
        fault = self.refused or ("" if choice.locked else choice.keyring)
        head = line(("  the system's keyring", "bold"))
        if fault:
            return [head, *_under(f"{fault}. {_START}", "state-warning", width)]
        if choice.locked:
            return [head, *_under(f"{choice.keyring}; Enter has your system ask for its password", "muted", width)]
        return [head, *_under("it answers; Enter writes an item, reads it back and deletes it", "muted", width)]


def _under(text: str, style: str, width: int) -> list[Line]:
    return wrapped(line((f"    {text}", style)), width, 4)
