"""Take everything of a home, as it stands at one moment, into one encrypted file."""

import os
from collections.abc import Callable, Iterator
from typing import NamedTuple

from keybound import __version__
from keybound.custody.backup.archive import Head
from keybound.custody.backup.contents import CONFIG, POLICY, Contents, is_kept, packed, profile_member
from keybound.custody.backup.holdings import fetch_all
from keybound.custody.backup.last_backup import note_backup
from keybound.custody.context.caller import who
from keybound.custody.context.context import Context
from keybound.custody.envelopes.changes import refuse_other_home
from keybound.custody.envelopes.envelopes import item_id
from keybound.custody.profiles.library import Library
from keybound.custody.store_change.everything import all_items
from keybound.custody.tokens.expire import evaluate_and_record
from keybound.domain.errors import BadInputError
from keybound.domain.text.secret import Secret
from keybound.domain.values.event_kinds import EventKind
from keybound.domain.values.moments import stamp
from keybound.domain.values.names import is_name
from keybound.domain.values.readings import Absent
from keybound.sources.files.open_file import Content, open_once
from keybound.stores.age.age_document import is_age
from keybound.stores.atomic import write_atomic
from keybound.stores.journal.journal import Draft
from keybound.stores.lock import shared_in_turn
from keybound.stores.regular_file import regular

_PROVIDERS = "providers"
Seal = Callable[[Secret], bytes]


class Made(NamedTuple):
    """What a backup holds. ``left``: what could not be taken into it, each with the reason."""

    path: str
    made_at: str
    tokens: int
    profiles: int
    left: tuple[tuple[str, str], ...]


def check_target(path: str) -> None:
    """Raise BadInputError where a backup cannot be written there, or something else would be lost by it."""
    if os.path.isdir(path):
        raise BadInputError("it is a folder", where=path, hint="Name a file, such as keybound.age.")
    if not os.path.isdir(os.path.dirname(path) or "."):
        raise BadInputError("its folder does not exist", where=path)
    if os.path.lexists(path) and not _is_age_file(path):
        raise BadInputError("there is another file, which is no backup", where=path, hint="Name another file.")


def make_backup(context: Context, path: str, seal: Seal) -> Made:
    """Write it beside ``path``, then rename it. ``seal`` encrypts the archive. Raises UnavailableError, BadInputError."""
    refuse_other_home(context)
    context.store.prepare()
    evaluate_and_record(context, Library(context.home).names())
    with shared_in_turn(context.home.lock):
        contents, left = _gathered(context)
    sealed = seal(packed(contents))
    write_atomic(path, sealed)
    os.chmod(path, 0o600)  # one that is replaced may have been wider
    tokens = contents.tokens
    now = context.clock()
    detail = {"tokens": len(tokens), "profiles": len(contents.profiles)}
    context.journal.append([Draft(EventKind.BACKED_UP, "", who("keybound"), detail)], now)
    note_backup(context, now, {id_: f"{one.incarnation} {one.epoch}" for id_, one in tokens.items()})
    return Made(path, contents.head.made_at, len(tokens), len(contents.profiles), left)


def _gathered(context: Context) -> tuple[Contents, tuple[tuple[str, str], ...]]:
    """The caller holds the lock, so that nothing changes meanwhile."""
    head = Head(stamp(context.clock()), __version__, context.home.config, context.home.user)
    held = fetch_all(context, [item for item in all_items(context, context.store) if is_kept(item)])
    items = {item: one.envelope for item, one in held.items() if one.envelope is not None}
    left = [(item_id(item), one.blocked[1]) for item, one in held.items() if one.envelope is None and one.blocked]
    files = {}
    for name, path in _settings(context):
        content = open_once(path)
        if isinstance(content, Content):
            files[name] = content.data
        elif not isinstance(content, Absent):
            left.append((path, content.why))
    return Contents(head, files, items, context.state.known(), _journal(context)), tuple(left)


def _settings(context: Context) -> Iterator[tuple[str, str]]:
    """Each file of settings: its name in the backup, and where it lies."""
    home = context.home
    yield CONFIG, home.settings
    yield POLICY, home.policy
    for name in Library(home).names():
        yield profile_member(name), home.profile_path(name)
    folder = os.path.join(home.config, _PROVIDERS)
    if os.path.isdir(folder):
        for entry in sorted(os.listdir(folder)):
            if entry.endswith(".toml") and is_name(entry.removesuffix(".toml")):
                yield f"{_PROVIDERS}/{entry}", os.path.join(folder, entry)


def _journal(context: Context) -> dict[str, bytes]:
    """The months' whole lines: one that is being written now is not yet an event."""
    texts = {name: context.journal.text(name) for name in context.journal.files()}
    return {name: text[: text.rfind(b"\n") + 1] for name, text in texts.items()}


def _is_age_file(path: str) -> bool:
    try:
        with open(path, "rb", opener=regular) as file:
            return is_age(file.read(64))
    except OSError:
        return False
