"""Keep the proof of a release in which everything left, for the next one."""

import os
from collections.abc import Iterator

from keybound.custody.config import read_config
from keybound.custody.envelopes import Held, profile_item, token_item
from keybound.custody.evaluate import Evaluation, Judged
from keybound.custody.held import own_environment
from keybound.custody.keeper import Keeper
from keybound.custody.paths import folder_marks
from keybound.custody.policy_acts import restricts_ways
from keybound.custody.proof import (
    FOLDER,
    content_mark,
    file_mark,
    program_marks,
    proof_mac,
    proof_path,
    stamp_of,
    text_mark,
    value_mark,
)
from keybound.domain.envelope import encode_envelope
from keybound.domain.errors import BadInput
from keybound.domain.keys import Key
from keybound.domain.moments import is_local
from keybound.domain.quick_json import dumps
from keybound.domain.readings import Absent, Found, Unreadable
from keybound.domain.secret import unwrap
from keybound.sources.open_file import Content
from keybound.stores.private_dir import make_private_dir

_KINDS = ("profile", "file", "env", "cwd")
_FAR = 4_000_000_000


def keep_proof(keeper: Keeper, profile: str, evaluation: Evaluation, plain: dict[str, str], generation: str) -> None:
    """Write the proof; remove an older one where nothing can be proved. A failure to write is no failure.

    ``generation``: the stamp as it was before anything was read.
    """
    path = proof_path(keeper.home.state, profile)
    try:
        text = _proof(keeper, profile, evaluation, plain)
        if text is None or stamp_of(keeper.home.generation) != generation:
            os.unlink(path)
            return
        make_private_dir(os.path.join(keeper.home.state, FOLDER))
        temporary = os.path.join(os.path.dirname(path), f".{profile}.{os.getpid()}")  # no profile's name begins so
        with open(temporary, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(text)
        os.replace(temporary, path)
    except (OSError, BadInput):
        return


def _proof(keeper: Keeper, profile: str, evaluation: Evaluation, plain: dict[str, str]) -> bytes | None:
    released = [one for one in evaluation.judged if one.held.envelope is not None]
    keys = {binding.key for one in released if one.token for binding in one.token.bindings}
    places = keeper.store.places()
    if not released or not all(_provable(one) for one in released) or any(key.kind not in _KINDS for key in keys):
        return None
    if any(token_item(one.id) not in places for one in released):
        return None
    seal = _seal(evaluation.seals[profile], places.get(profile_item(profile), ""))
    files, config = _files(keeper, profile, evaluation), _config(keeper)
    if seal is None or files is None or config is None:
        return None
    keeper.state.close()  # so that what it wrote lies in one file, and stays as it is
    body = {
        "home": folder_marks(*keeper.home[:4], keeper.store_kind()) | program_marks() | {"profile": profile},
        "stamps": {path: stamp_of(path) for path in _own_files(keeper)},
        "files": {**files, keeper.home.settings: config[0]},
        "config": config[1],
        "variables": dict(_variables(keeper, evaluation, profile, keys)),
        "compared": sorted({key.name for key in keys if key.kind == "env"} - _carriers(released)),
        "cwd": _folder(released),
        "plain": plain,
        "times": _times(released),
        "seal": seal,
        "tokens": [[str(one.id), *_row(one, places[token_item(one.id)])] for one in released],
    }
    text = dumps(body).encode()
    macs = {str(one.id): proof_mac(one.held.envelope.key, str(one.id), text) for one in released if one.held.envelope}
    return text + b"\n" + dumps(macs).encode() + b"\n"


def _seal(held: Held, place: str) -> list[str] | None:
    """Where the profile's own seal is, and its mark; [] where it has none; None where it is not to be believed."""
    if held.blocked is not None:
        return None
    if held.envelope is None:
        return []
    return [place, text_mark(unwrap(encode_envelope(held.envelope)))] if place else None


def _folder(released: list[Judged]) -> dict[str, str]:
    """The asker's folder, as it was read for those that are bound to it."""
    reads = [one.facts.readings["cwd"].reading for one in released if one.facts and "cwd" in one.facts.readings]
    folders = [str(reading.value) for reading in reads if isinstance(reading, Found)]
    return {"": folders[0]} if folders else {}


def _carriers(released: list[Judged]) -> set[str]:
    """The variables that carry a token: the shell compares none of them, as it would have to copy it."""
    return {name for one in released if one.token for name in one.token.env}


def _provable(one: Judged) -> bool:
    token, envelope = one.token, one.held.envelope
    if token is None or envelope is None or envelope.secret is None or not envelope.key or token.callers:
        return False
    if one.loaded is None or restricts_ways(one.loaded.rules, one.id.profile):  # what policy refuses is said
        return False
    if is_local(token.table.get("expires")):  # it ends at another moment for another asker's zone
        return False
    return one.verdict.state.usable and one.held.blocked is None


def _row(one: Judged, place: str) -> tuple[str, list[str], list[str], str, str]:
    token, envelope = one.token, one.held.envelope
    if token is None or envelope is None:
        raise ValueError(one.id)
    mark = text_mark(unwrap(encode_envelope(envelope)))
    return one.verdict.state.word, list(token.env), sorted(token.release), place, mark


def _times(released: list[Judged]) -> dict[str, str]:
    """Between which moments time alone changes nothing: after every recorded one, before the next that counts."""
    stamps = [text for one in released if (kept := one.held.envelope) for text in (kept.sealed_at, kept.refreshed_at)]
    until = [one.verdict.changes_at.timestamp() for one in released if one.verdict.changes_at]
    return {"after": max(stamps), "until": str(int(min(until, default=_FAR)))}


def _own_files(keeper: Keeper) -> Iterator[str]:
    yield keeper.home.generation
    for ending in ("", "-wal"):
        yield os.path.join(keeper.home.state, f"state.db{ending}")


def _files(keeper: Keeper, profile: str, evaluation: Evaluation) -> dict[str, str] | None:
    """The marks of everything that was read; None where one of them is not what was read any more."""
    loaded, contents = evaluation.loaded[profile], evaluation.snapshot.contents()
    if any(isinstance(content, Unreadable) for content in contents.values()):
        return None
    texts = {keeper.home.policy: loaded.policy, **{page.path: page.text.encode() for page in loaded.pages}}
    marks = {path: file_mark(path) for path in [*texts, *contents]}
    same = all(marks[path].partition(" ")[0] == _digest(text) for path, text in texts.items())
    return marks if same and all(marks[path] == _mark(content) for path, content in contents.items()) else None


def _digest(text: bytes | None) -> str:
    return "" if text is None else text_mark(text)


def _mark(content: Content | Absent | Unreadable) -> str:
    return content_mark(content.data, content.mode, content.owner) if isinstance(content, Content) else ""


def _config(keeper: Keeper) -> tuple[str, dict[str, object]] | None:
    """The mark of config.toml, and what it says that matters to a release; None where it is being changed."""
    path = keeper.home.settings
    mark = file_mark(path)
    config = read_config(keeper.home)
    return (mark, {"say": config.say, "rules": bool(config.rules)}) if file_mark(path) == mark else None


def _variables(keeper: Keeper, evaluation: Evaluation, profile: str, keys: set[Key]) -> Iterator[tuple[str, str]]:
    """The asker's variables that were read; those that the profile itself sets are part of its text."""
    ours = evaluation.loaded[profile].profile.env
    environ = own_environment(keeper.environ)
    for key in keys:
        if key.kind == "env" and key.name not in ours:
            yield key.name, value_mark(environ.get(key.name))
