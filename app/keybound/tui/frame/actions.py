"""What can be done on every screen: each action with its key, its name in the palette, and its word in footer and help."""

from typing import NamedTuple

from keybound.tui.frame.footer import Hint


class Action(NamedTuple):
    """``name`` is the screen's action; ``title`` and ``says`` stand in the palette, ``word`` in footer and help."""

    key: str
    name: str
    title: str
    says: str
    word: str

    @property
    def hint(self) -> Hint:
        """Its place in a footer: after whatever the screen itself puts there."""
        return Hint("?" if self.key == "question_mark" else self.key, self.word, 9, self.key)


ACTIONS = (
    Action("a", "add", "Add a token", "Store a new secret and bind it", "add"),
    Action("i", "import_plain", "Import plain tokens", "Look for plain tokens on this machine", "import"),
    Action("b", "bind", "Bind", "Bind the token to a key", "bind"),
    Action("A", "approve", "Approve", "Accept a definition and its readings as they are now", "approve"),
    Action("r", "refresh", "Refresh", "Get or type a new secret, or log in", "refresh"),
    Action("x", "expire", "Expire", "Withhold the token until it is approved or refreshed", "expire"),
    Action("P", "probe", "Probe", "Ask its provider who it is and what it may do", "probe"),
    Action("X", "revoke", "Revoke", "End the secret at its provider", "revoke"),
    Action("D", "remove", "Remove", "Delete the secret, then the definition", "remove"),
    Action("y", "copy", "Copy", "Copy the secret to the clipboard", "copy"),
    Action("v", "reveal", "Reveal", "Show the secret for ten seconds", "reveal"),
    Action("u", "put_back", "Put the value back", "Set the key to its approved value", "put back"),
    Action("w", "widen", "Widen the boundary", "Bind again with a wider rule", "widen"),
    Action("e", "edit", "Edit the profile", "Open the profile's text", "edit"),
    Action("p", "switch", "Switch profile", "Use another profile, here or everywhere", "profile"),
    Action("R", "reload", "Reload", "Read and evaluate everything again", "reload"),
    Action("L", "lock", "Lock or unlock the store", "Lock or unlock the secret store", "lock"),
    Action("C", "due", "Calendar", "What is due within 90 days", "due"),
    Action("N", "alerts", "Alerts", "Show what was alerted, and mark it as seen", "alerts"),
    Action("M", "messages", "Messages", "Show recent messages again", "messages"),
    Action("t", "theme", "Next theme", "Change the colours", "theme"),
    Action("q", "leave", "Quit", "Quit Keybound; asks about unsaved text", "quit"),
    Action("question_mark", "help", "Help", "Explain the focused thing", "help"),
)
OUTSIDE_ONLY = frozenset({"put_back", "widen"})  # nothing to do while everything is inside
