"""What a backup holds, and the names of it inside the archive."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from keybound.custody.backup.archive import Head, pack, unpack
from keybound.custody.envelopes.envelopes import item_id
from keybound.domain.errors import BadInputError
from keybound.domain.seal.envelope import Envelope, EnvelopeError, decode_envelope, encode_envelope
from keybound.domain.text.compact_json import dumps, loads
from keybound.domain.text.secret import Secret, expose_secret
from keybound.domain.values.names import is_name
from keybound.stores.base import Item
from keybound.stores.state import Known

CONFIG, POLICY = "config.toml", "policy.toml"
_STATE = "state.json"
_PROFILES, _PROVIDERS, _TOKENS, _SEALS, _JOURNAL = "profiles", "providers", "tokens", "seals", "journal"
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}\.jsonl\Z")
_PARTS = ("token", "revoke")


class Contents(NamedTuple):
    """A backup, opened. ``files``: settings by their path below the configuration folder; ``journal``: months by name.

    ``unknown``: members that this version does not know.
    """

    head: Head
    files: Mapping[str, bytes]
    items: Mapping[Item, Envelope]
    known: Mapping[str, Known]
    journal: Mapping[str, bytes]
    unknown: tuple[str, ...] = ()

    @property
    def tokens(self) -> dict[str, Envelope]:
        """The tokens by id."""
        return {item_id(item): one for item, one in self.items.items() if item.part == "token"}

    @property
    def profiles(self) -> dict[str, bytes]:
        """The profiles' texts by name."""
        return {_stem(name): data for name, data in self.files.items() if name.startswith(f"{_PROFILES}/")}


def profile_member(name: str) -> str:
    """Where a profile's text lies."""
    return f"{_PROFILES}/{name}.toml"


def packed(contents: Contents) -> Secret:
    """The archive of a backup."""
    rows = [list(one) for _, one in sorted(contents.known.items())]
    members = {name: Secret(data) for name, data in sorted(contents.files.items())}
    members |= {_member(item): encode_envelope(one) for item, one in sorted(contents.items.items(), key=str)}
    members |= {f"{_JOURNAL}/{name}": Secret(data) for name, data in sorted(contents.journal.items())}
    return pack(contents.head, {**members, _STATE: Secret(dumps({"known": rows}).encode())})


def unpacked(archive: Secret) -> Contents:
    """A backup out of its archive. Raises BadInputError where anything in it is damaged."""
    head, members = unpack(archive)
    files, items, journal, unknown = {}, {}, {}, []
    known = _known(members.pop(_STATE, Secret("{}")))
    for name, text in members.items():
        folder, _, rest = name.partition("/")
        if name in (CONFIG, POLICY) or (folder in (_PROFILES, _PROVIDERS) and _is_toml(rest)):
            files[name] = expose_secret(text)
        elif folder == _JOURNAL and _MONTH.match(rest):
            journal[rest] = expose_secret(text)
        elif (item := _item(folder, rest)) is not None:
            items[item] = _envelope(head, item, text)
        else:
            unknown.append(name)
    return Contents(head, files, items, known, journal, tuple(unknown))


def is_kept(item: Item) -> bool:
    """Whether a backup has a place for it."""
    return item.part in _PARTS if item.name is not None else item.part == "profile"


def _member(item: Item) -> str:
    if item.name is None:
        return f"{_SEALS}/{item.profile}.json"
    part = "" if item.part == "token" else f"@{item.part}"
    return f"{_TOKENS}/{item.profile}/{item.name}{part}.json"


def _item(folder: str, rest: str) -> Item | None:
    """The item of a member; None where it is none."""
    stem = rest.removesuffix(".json")
    profile, _, last = stem.partition("/")
    name, _, part = last.partition("@")
    if folder == _SEALS:
        item = Item(stem, None, "profile")
    elif folder == _TOKENS:
        item = Item(profile, name, part or "token")
    else:
        return None
    sound = is_name(item.profile) and (item.name is None or is_name(item.name)) and is_kept(item)
    return item if sound and _member(item) == f"{folder}/{rest}" else None


def _envelope(head: Head, item: Item, text: Secret) -> Envelope:
    try:
        return decode_envelope(text, head.config, item_id(item), item.part)
    except EnvelopeError as fault:
        raise BadInputError(f"{item_id(item)}: {fault}") from None


def _known(text: Secret) -> dict[str, Known]:
    try:
        rows = [Known(*row) for row in loads(expose_secret(text).decode()).get("known", ())]
    except (ValueError, TypeError, AttributeError):
        raise BadInputError("what it knows of the tokens is damaged") from None
    if not all(_is_sound(row) for row in rows):
        raise BadInputError("what it knows of the tokens is damaged")
    return {row.id: row for row in rows}


def _is_sound(row: Known) -> bool:
    texts = (row.id, row.incarnation, row.sealed_text, row.pending, row.verdict)
    return all(isinstance(one, str) for one in texts) and type(row.epoch) is int and isinstance(row.removed, bool)


def _is_toml(name: str) -> bool:
    return name.endswith(".toml") and is_name(name.removesuffix(".toml"))


def _stem(member: str) -> str:
    return member.partition("/")[2].removesuffix(".toml")
