"""What an event of the journal says to a person."""

import os
from typing import TypeGuard

from keybound.domain.text.counts import plural
from keybound.domain.text.sanitize import clean
from keybound.stores.journal.journal import Event

_RELEASED = {
    "shell": "to a shell",
    "exec": "to a command",
    "copy": "to the clipboard",
    "reveal": "to the screen, for ten seconds",
}
_PLAIN = {
    "added": "stored, and approved as it was then",
    "approved": "its definition and readings were approved",
    "refreshed": "a new secret, its readings approved",
    "sealed": "approved together with its owner's change",
    "adopted": "taken over from the former home",
    "removed": "its secret was deleted",
    "profile-removed": "the profile and its secrets were deleted",
    "profile-renamed": "its file and secrets moved to another name",
    "accept-clock": "the clock was accepted",
    "journal-restart": "the journal was broken; it was set aside and a new chain began",
}


def event_words(event: Event) -> str:
    """One short line; "" where the kind says it all."""
    detail = event.detail
    if event.kind == "released":
        program = os.path.basename(str(event.by.get("program", "")))
        words = _RELEASED.get(str(detail.get("way")), f"by {detail.get('way')}")
        return clean(f"{words}: {program}" if detail.get("way") in ("shell", "exec") else words)
    if event.kind == "profile":
        sealed = detail.get("sealed")
        return "its file was saved" + (
            f", {plural(sealed, 'token')} approved with it" if isinstance(sealed, int) and sealed else ""
        )
    if event.kind == "scopes":
        sides = (("gained", detail.get("gained")), ("lost", detail.get("lost")))
        return clean("; ".join(f"{side} {', '.join(map(str, found))}" for side, found in sides if _is_list(found)))
    if event.kind == "moved":
        return clean(f"to {detail['to']}" if "to" in detail else f"from {detail.get('from', '')}")
    if event.kind == "journal-cut":
        return clean(f"{detail.get('bytes', 0)} bytes of an unfinished line were cut off")
    return clean(str(detail.get("why") or _PLAIN.get(event.kind, "")))


def _is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list) and bool(value)
