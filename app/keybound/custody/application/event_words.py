"""What an event of the journal says to a person."""

import os
from collections.abc import Mapping
from typing import TypeGuard

from keybound.domain.text.counts import plural
from keybound.domain.text.sanitize import clean
from keybound.domain.values.event_kinds import EventKind
from keybound.stores.journal.journal import Event

_RELEASED = {
    "shell": "to a shell",
    "exec": "to a command",
    "copy": "to the clipboard",
    "reveal": "to the screen, for ten seconds",
}
_PLAIN: Mapping[str, str] = {
    EventKind.ADDED: "stored, and approved as it was then",
    EventKind.APPROVED: "its definition and readings were approved",
    EventKind.REFRESHED: "a new secret, its readings approved",
    EventKind.RETIRED: "what is still to be revoked of it was put aside",
    EventKind.REVOKED: "an old secret was revoked",
    EventKind.SEALED: "approved together with its owner's change",
    EventKind.ADOPTED: "taken over from the former home",
    EventKind.RESTORED: "put back from a backup",
    EventKind.JOURNAL_KEPT: "a backup's journal was kept beside this one",
    EventKind.REMOVED: "its secret was deleted",
    EventKind.PROFILE_REMOVED: "the profile and its secrets were deleted",
    EventKind.PROFILE_RENAMED: "its file and secrets moved to another name",
    EventKind.GRACE_OVER: "back inside its boundary before the grace ended",
    EventKind.UNDONE: "a change that was interrupted was undone",
    EventKind.STORE_PASSPHRASE: "the file store has another passphrase",
    EventKind.STORE_REKEYED: "the file store has another key; everything was encrypted anew",
    EventKind.ACCEPT_CLOCK: "the clock was accepted",
    EventKind.JOURNAL_RESTART: "the journal was broken; it was set aside and a new chain began",
}


def event_words(event: Event) -> str:
    """One short line; "" where the kind says it all."""
    detail = event.detail
    if event.kind == EventKind.RELEASED:
        program = os.path.basename(str(event.by.get("program", "")))
        words = _RELEASED.get(str(detail.get("way")), f"by {detail.get('way')}")
        return clean(f"{words}: {program}" if detail.get("way") in ("shell", "exec") else words)
    if event.kind == EventKind.PROFILE:
        sealed = detail.get("sealed")
        return "its file was saved" + (
            f", {plural(sealed, 'token')} approved with it" if isinstance(sealed, int) and sealed else ""
        )
    if event.kind == EventKind.SCOPES:
        sides = (("gained", detail.get("gained")), ("lost", detail.get("lost")))
        return clean("; ".join(f"{side} {', '.join(map(str, found))}" for side, found in sides if _is_list(found)))
    if event.kind == EventKind.ASKED:
        return clean(f"{detail.get('to', '')} was asked about it")
    if event.kind == EventKind.PROBED:
        return clean(_probed(detail))
    if event.kind == EventKind.MOVED:
        return clean(f"to {detail['to']}" if "to" in detail else f"from {detail.get('from', '')}")
    if event.kind == EventKind.BACKED_UP:
        tokens = detail.get("tokens")
        return f"a backup of {plural(tokens if isinstance(tokens, int) else 0, 'token')}"
    if event.kind == EventKind.STORE_MOVED:
        return clean(f"all secrets moved from {detail.get('from', '')} to {detail.get('to', '')}")
    if event.kind == EventKind.JOURNAL_CUT:
        return clean(f"{detail.get('bytes', 0)} bytes of an unfinished line were cut off")
    return clean(str(detail.get("why") or _PLAIN.get(event.kind, "")))


def _probed(detail: Mapping[str, object]) -> str:
    said = detail.get("identity") or detail.get("why") or ""
    outcome = detail.get("outcome", "probed")
    return f"{outcome}: {said}" if said else str(outcome)


def _is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list) and bool(value)
