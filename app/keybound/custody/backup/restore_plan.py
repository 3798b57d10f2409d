"""What a restore would do, thing by thing: one plan for the list that is shown and for the act."""

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from keybound.custody.backup.contents import CONFIG, Contents, profile_member
from keybound.custody.backup.history import History, history_since, journal_of
from keybound.custody.backup.holdings import fetch_all
from keybound.custody.backup.steps import Act, Choice, ItemStep, Step
from keybound.custody.backup.token_steps import Here, left_to_revoke_step, seal_step, token_step
from keybound.custody.context.context import Context
from keybound.custody.context.has_store import has_store
from keybound.custody.envelopes.envelopes import item_id
from keybound.custody.profiles.library import Library, Loaded
from keybound.domain.errors import BadInputError, NotFoundError
from keybound.domain.seal.envelope import encode_envelope
from keybound.sources.files.open_file import Content, open_once
from keybound.sources.profile_text import read_profile_table
from keybound.stores.base import Item
from keybound.stores.journal.brought_in import can_become_chain, events_of


class Plan(NamedTuple):
    """``files``: settings and profiles, each with its place; ``items``: what lies in the store; ``journal``: None for none.

    ``history``: what the journal told.
    """

    files: tuple[tuple[Step, str, bytes], ...]
    items: tuple[ItemStep, ...]
    journal: Step | None
    history: History

    @property
    def steps(self) -> list[Step]:
        """All of it, in the order in which it is done."""
        first = [self.journal] if self.journal is not None else []
        return [*first, *(step for step, _, _ in self.files), *(one.step for one in self.items)]


def plan_restore(context: Context, contents: Contents, choice: Choice) -> Plan:
    """Decide about everything; writes nothing. Raises NotFoundError for a name that the backup has not, UnavailableError."""
    _refuse_unknown(contents, choice.only | choice.replace)
    events = events_of(contents.journal)
    history = history_since(context, events[-1].hash if events else "")
    files = tuple(_files(context, contents, choice))
    wanted = sorted((item for item in contents.items if choice.wants(item_id(item))), key=_order)
    items = tuple(_items(context, contents, choice, files, history, wanted))
    journal = None if choice.only or not events else _journal(context, contents, history, events[-1].hash)
    return Plan(files, items, journal, history)


def plan_again(
    context: Context, contents: Contents, choice: Choice, plan: Plan, items: Iterable[Item]
) -> list[ItemStep]:
    """Decide about these items as things stand now, once the files of the plan are written."""
    return list(_items(context, contents, choice, plan.files, plan.history, items))


def _refuse_unknown(contents: Contents, names: Iterable[str]) -> None:
    there = {*contents.tokens, *contents.profiles}
    for name in sorted(names):
        if name not in there:
            raise NotFoundError(f"the backup has no {name}", hint="See what it has: keybound restore FILE --dry-run")


def _files(context: Context, contents: Contents, choice: Choice) -> Iterator[tuple[Step, str, bytes]]:
    profiles = contents.profiles
    wanted = _with_parents(
        profiles, {id_.partition("/")[0] for id_ in [*contents.tokens, *profiles] if choice.wants(id_)}
    )
    for name, data in contents.files.items():
        if not name.startswith("profiles/") and not choice.only:
            path = os.path.join(context.home.config, name)
            yield _other_file(context, name, path, data), path, data
    for name in sorted(wanted):
        path, data = context.home.profile_path(name), profiles[name]
        yield _profile(name, path, data, replace=name in choice.replace), path, data


def _with_parents(profiles: Mapping[str, bytes], names: set[str]) -> set[str]:
    found, left = set(), [name for name in names if name in profiles]
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += [parent for parent in _parent(profiles[name]) if parent in profiles]
    return found


def _parent(data: bytes) -> list[str]:
    try:
        return [str(read_profile_table(data.decode(), "").get("extends", ""))]
    except (BadInputError, UnicodeDecodeError):
        return []


def _profile(name: str, path: str, data: bytes, *, replace: bool) -> Step:
    here = open_once(path)
    if isinstance(here, Content) and here.data == data:
        return Step("profile", name, Act.SAME)
    if not _is_text(data):
        return Step("profile", name, Act.LEAVE, "it is not UTF-8 text")
    if not os.path.lexists(path):
        return Step("profile", name, Act.RESTORE)
    if replace and isinstance(here, Content):
        return Step("profile", name, Act.REPLACE)
    return Step("profile", name, Act.LEAVE, "it differs here", can_replace=isinstance(here, Content))


def _other_file(context: Context, name: str, path: str, data: bytes) -> Step:
    here = open_once(path)
    if isinstance(here, Content) and here.data == data:
        return Step("file", name, Act.SAME)
    if os.path.lexists(path):
        return Step("file", name, Act.LEAVE, f"it differs here; to see it: age -d FILE | tar xO {name}")
    if name == CONFIG and _names_keyring(data):
        return Step("file", name, Act.LEAVE, "it names a keyring of its own, which this machine may not have")
    return Step("file", name, Act.RESTORE)


def _names_keyring(data: bytes) -> bool:
    try:
        return "keyring" in read_profile_table(data.decode(), "")
    except (BadInputError, UnicodeDecodeError):
        return True


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _items(
    context: Context,
    contents: Contents,
    choice: Choice,
    files: Iterable[tuple[Step, str, bytes]],
    history: History,
    wanted: Iterable[Item],
) -> Iterator[ItemStep]:
    profiles = {step.id: step.act for step, _, _ in files if step.what == "profile"}
    loaded = _Profiles(context, contents, profiles)
    for item, held in fetch_all(context, wanted).items():
        id_ = item_id(item)
        ours = profiles.get(item.profile) in (Act.RESTORE, Act.REPLACE, Act.SAME)
        trusted = ours and choice.keeps_approvals
        here = Here(context.home, held, history.ended.get(id_), loaded.get(item.profile), trusted)
        yield _fitting(context, _step(contents, item, here, replace=id_ in choice.replace))


def _order(item: Item) -> tuple[str, str, str]:
    """A profile's own approval before its tokens."""
    return item.profile, item.name or "", item.part


def _step(contents: Contents, item: Item, here: Here, *, replace: bool) -> ItemStep:
    if item.name is None:
        return seal_step(contents, item, here)
    if item.part != "token":
        return left_to_revoke_step(contents, item, here)
    return token_step(contents, item, here, replace=replace)


def _fitting(context: Context, one: ItemStep) -> ItemStep:
    limit = context.store.limit if has_store(context) else None
    if one.envelope is None or limit is None or len(encode_envelope(one.envelope)) * 2 + 400 <= limit:
        return one
    left = one.step._replace(act=Act.LEAVE, note="it is longer than this store can hold")
    return one._replace(step=left, envelope=None)


class _Profiles:
    """The effective profiles as they will be once the texts are written."""

    def __init__(self, context: Context, contents: Contents, acts: Mapping[str, Act]) -> None:
        written = [name for name, act in acts.items() if act in (Act.RESTORE, Act.REPLACE)]
        texts = contents.files
        self._library = Library(context.home, {name: texts[profile_member(name)].decode() for name in written})
        self._found: dict[str, Loaded | None] = {}

    def get(self, name: str) -> Loaded | None:
        """None for one that cannot be read."""
        if name not in self._found:
            try:
                self._found[name] = self._library.load(name)
            except (BadInputError, NotFoundError):
                self._found[name] = None
        return self._found[name]


def _journal(context: Context, contents: Contents, history: History, head: str) -> Step:
    if history.has_chain or head in history.kept:
        return Step("journal", "", Act.SAME)
    if can_become_chain(journal_of(context), contents.journal):
        return Step("journal", "", Act.RESTORE)
    return Step("journal", "", Act.RESTORE, "kept beside the one that is here")
