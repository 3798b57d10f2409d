"""What can be done on every screen: each action with its name in ``[keys]``, its title in the palette, and its word in footer
and help."""

from typing import NamedTuple

from keybound.domain.profile.action_keys import NAMES
from keybound.tui.hints import Hint


class Action(NamedTuple):
    """``name`` stands in ``[keys]``; ``does`` is the screen's action; ``title`` and ``says`` stand in the palette, ``word`` in
    footer and help."""

    name: str
    does: str
    title: str
    says: str
    word: str

    @property
    def key(self) -> str:
        """The key that the screens listen to."""
        return NAMES[self.name][0]

    @property
    def hint(self) -> Hint:
        """Its place in a footer: after whatever the screen itself puts there."""
        return Hint(self.key, self.word, 9)


ACTIONS = (
    Action("add", "add", "Add a token", "Store a new secret and bind it", "add"),
    Action("import", "import_plain", "Import plain tokens", "Look for plain tokens on this machine", "import"),
    Action("bind", "bind", "Bind", "Bind the token to a key", "bind"),
    Action("approve", "approve", "Approve", "Accept a definition and its readings as they are now", "approve"),
    Action("refresh", "refresh", "Refresh", "Get or type a new secret, or log in", "refresh"),
    Action("expire", "expire", "Expire", "Withhold the token until it is approved or refreshed", "expire"),
    Action("probe", "probe", "Probe", "Ask its provider who it is and what it may do", "probe"),
    Action("revoke", "revoke", "Revoke", "End the secret at its provider", "revoke"),
    Action("remove", "remove", "Remove", "Delete the secret, then the definition", "remove"),
    Action("copy", "copy", "Copy", "Copy the secret to the clipboard", "copy"),
    Action("copy_as", "copy_as", "Copy as", "Copy an export line, a header for curl, JSON or its name", "copy as"),
    Action("reveal", "reveal", "Reveal", "Show the secret for ten seconds", "reveal"),
    Action("put_back", "put_back", "Put the value back", "Set the key to its approved value", "put back"),
    Action("widen", "widen", "Widen the boundary", "Bind again with a wider rule", "widen"),
    Action("undo", "undo", "Undo", "Take back the last change of a profile or binding", "undo"),
    Action("edit", "edit", "Edit the profile", "Open the profile's text", "edit"),
    Action("profile", "switch", "Switch profile", "Use another profile, here or everywhere", "profile"),
    Action("reload", "reload", "Reload", "Read and evaluate everything again", "reload"),
    Action("lock", "lock", "Lock or unlock the store", "Lock or unlock the secret store", "lock"),
    Action("calendar", "due", "Calendar", "What is due within 90 days", "due"),
    Action("alerts", "alerts", "Alerts", "Show what was alerted, and mark it as seen", "alerts"),
    Action("messages", "messages", "Messages", "Show recent messages again", "messages"),
    Action(
        "status", "status", "How things stand", "Store, profile, what this shell holds, what asks for you", "status"
    ),
    Action("doctor", "doctor", "Doctor", "Find what is wrong with store, files, hook and agent, and mend it", "doctor"),
    Action("theme", "theme", "Next theme", "Change the colours", "theme"),
    Action("settings", "settings", "Settings", "Change config.toml: theme, keys, hook, agent", "settings"),
    Action("quit", "leave", "Quit", "Quit Keybound; asks about unsaved text", "quit"),
    Action("help", "help", "Help", "Explain the focused thing", "help"),
)
OUTSIDE_ONLY = frozenset({"put_back", "widen"})  # nothing to do while everything is inside
