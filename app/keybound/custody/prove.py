"""Keep the proof of a release in which everything left, for the next one."""

import os
from collections.abc import Iterator

from keybound.custody.config import read_config
from keybound.custody.envelopes import token_item
from keybound.custody.evaluate import Evaluation, Judged
from keybound.custody.held import own_environment
from keybound.custody.keeper import Keeper
from keybound.custody.paths import folder_marks
from keybound.custody.proof import (
    FOLDER,
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
from keybound.domain.quick_json import dumps
from keybound.domain.readings import Absent
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
        temporary = f"{path}.{os.getpid()}"
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
    files, config = _files(keeper, profile, evaluation), _config(keeper)
    if files is None or config is None:
        return None
    keeper.state.close()  # so that what it wrote lies in one file, and stays as it is
    body = {
        "home": folder_marks(*keeper.home, keeper.store_kind()) | program_marks(),
        "stamps": {path: stamp_of(path) for path in _own_files(keeper)},
        "files": {**files, keeper.home.settings: config[0]},
        "links": sorted(evaluation.snapshot.files().keys() - files.keys()),
        "config": config[1],
        "variables": dict(_variables(keeper, evaluation, profile, keys)),
        "compared": sorted({key.name for key in keys if key.kind == "env"} - _carriers(released)),
        "cwd": {"": os.path.realpath(keeper.asker.cwd)} if any(key.kind == "cwd" for key in keys) else {},
        "plain": plain,
        "times": _times(released),
        "tokens": [[str(one.id), *_row(one, places[token_item(one.id)])] for one in released],
    }
    text = dumps(body).encode()
    macs = {str(one.id): proof_mac(one.held.envelope.key, str(one.id), text) for one in released if one.held.envelope}
    return text + b"\n" + dumps(macs).encode() + b"\n"


def _carriers(released: list[Judged]) -> set[str]:
    """The variables that carry a token: the shell compares none of them, as it would have to copy it."""
    return {name for one in released if one.token for name in one.token.env}


def _provable(one: Judged) -> bool:
    token, envelope = one.token, one.held.envelope
    if token is None or envelope is None or envelope.secret is None or not envelope.key or token.callers:
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
    read: dict[str, bytes | None] = {page.path: page.text.encode() for page in evaluation.loaded[profile].pages}
    for path, content in evaluation.snapshot.contents().items():
        if isinstance(content, Content):
            read[path] = content.data
        elif isinstance(content, Absent):
            read[path] = None
        else:
            return None
    marks = {path: file_mark(path) for path in read}
    same = all(
        marks[path].partition(" ")[0] == (text_mark(data) if data is not None else "") for path, data in read.items()
    )
    return {**marks, keeper.home.policy: file_mark(keeper.home.policy)} if same else None


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
