"""Unsaved text of profiles, kept where only its owner can read it, so that a hang-up or a kill loses none of it."""

import json
import os
from contextlib import suppress

from keybound.custody.context.home import Home
from keybound.custody.view_models.plans import SavedDraft
from keybound.domain.values.names import is_name
from keybound.stores.atomic import write_atomic
from keybound.stores.private_dir import make_private_dir
from keybound.stores.regular_file import regular


def keep_draft(home: Home, draft: SavedDraft) -> None:
    """Keep one profile's unsaved text in place of what was kept of it before. Raises UnavailableError."""
    make_private_dir(home.drafts)
    write_atomic(_path(home, draft.profile), json.dumps(draft._asdict()).encode())


def drop_draft(home: Home, profile: str) -> None:
    """Forget what was kept of a profile, where there is anything."""
    with suppress(OSError):
        os.unlink(_path(home, profile))


def drafts(home: Home) -> list[SavedDraft]:
    """What is kept, oldest first; a file that is none of ours, or was damaged, is passed over and stays."""
    found = [_read(entry.path) for entry in _entries(home) if is_name(entry.name.removesuffix(".json"))]
    return sorted((draft for draft in found if draft is not None), key=lambda draft: draft.at)


def _path(home: Home, profile: str) -> str:
    return os.path.join(home.drafts, f"{profile}.json")


def _entries(home: Home) -> "list[os.DirEntry[str]]":
    try:
        with os.scandir(home.drafts) as found:
            return [entry for entry in found if entry.name.endswith(".json") and entry.is_file(follow_symlinks=False)]
    except OSError:
        return []


def _read(path: str) -> SavedDraft | None:
    try:
        with open(path, encoding="utf-8", opener=regular) as file:
            match json.load(file):
                case {
                    "profile": str(name),
                    "text": str(text),
                    "base": str() | None as base,
                    "at": int() | float() as at,
                }:
                    return SavedDraft(name, text, base, float(at))
    except (OSError, ValueError, RecursionError):
        return None
    return None
