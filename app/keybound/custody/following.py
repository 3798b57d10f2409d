"""What a hooked shell must set and drop now, and what it must compare at its next prompts."""

import os
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress

from keybound.custody.asker import who
from keybound.custody.choose_profile import choose, choosing_files
from keybound.custody.evaluate import Evaluation
from keybound.custody.held import still_held, write_held
from keybound.custody.keeper import Keeper
from keybound.custody.library import Loaded
from keybound.custody.markers import make_markers, sweep
from keybound.custody.release import Asked, Released, release
from keybound.custody.without_store import Glance, glance
from keybound.domain.errors import BadInput, KeyboundError, NotFound, Unavailable
from keybound.domain.secret import unwrap
from keybound.domain.states import Way
from keybound.shells.step import Answer
from keybound.sources.git_variables import GIT_VARIABLES
from keybound.sources.snapshot import Snapshot
from keybound.stores.generation import read as read_generation

MOST = 600  # seconds to the next look in any case
LOCKED = 10  # seconds to the next look while the store cannot be had
_RESTING = 1


def follow(keeper: Keeper, shell: str, folder: str) -> tuple[Answer, str]:
    """Release for this prompt; return the difference and one line that says it. Never prompts, never waits for a file."""
    generation = read_generation(keeper.home.generation)
    sweep(os.path.dirname(folder))
    held = still_held(keeper.environ)
    try:
        chosen = choose(keeper)
        released = release(keeper, chosen.profile, Asked(Way.SHELL, who(f"hook {shell}"), wait=False))
    except (NotFound, BadInput) as fault:
        return _without_profile(keeper, folder, generation, held, fault)
    except Unavailable as fault:
        return _without_store(keeper, folder, generation, held, fault)
    with suppress(FileNotFoundError):
        os.unlink(os.path.join(folder, "said"))  # the next time that the store is away is said again
    values = _values(released)
    watched = _watched(keeper, released.evaluation.snapshot, released.evaluation.loaded)
    seconds = _seconds(released.evaluation)
    make_markers(folder, watched, generation, seconds)
    answer = Answer(
        put={name: value for name, (_, value) in values.items()},
        keep=tuple(name for name in values if name not in held),
        drop=tuple(name for name in held if name not in values),
        files=tuple(watched),
        variables=_variables(released.evaluation.loaded),
        seconds=seconds,
        held=write_held(values),
    )
    return answer, "; ".join([*chosen.notes, *([words] if (words := _words(answer, released)) else [])])


def _without_profile(
    keeper: Keeper, folder: str, generation: int, held: Mapping[str, str], fault: KeyboundError
) -> tuple[Answer, str]:
    """Drop everything; look again when one of the files that say which profile, or a profile, has changed."""
    paths = [*choosing_files(keeper), *map(keeper.home.profile_path, keeper.library().names()), keeper.home.policy]
    watched = {path: _mtime(path) for path in paths}
    make_markers(folder, watched, generation, MOST)
    said = _drop_words(held, str(fault).partition("\n")[0]) if held else ""
    return Answer({}, (), tuple(held), tuple(watched), (), MOST, ""), said


def _values(released: Released) -> dict[str, tuple[str, bytes]]:
    plain = {name: ("", text.encode("utf-8", "surrogateescape")) for name, text in released.plain.items()}
    return plain | {name: (id_, unwrap(secret)) for name, (id_, secret) in released.variables.items()}


def _without_store(
    keeper: Keeper, folder: str, generation: int, held: Mapping[str, str], fault: KeyboundError
) -> tuple[Answer, str]:
    """Set nothing new; keep what its last known verdict and its readings now allow; drop the rest."""
    found = _glance(keeper, held)
    usable = {one.known.id for one in found.tokens if one.usable}
    kept = [name for name, id_ in held.items() if not id_ or id_ in usable]
    watched = _watched(keeper, found.snapshot, found.loaded)
    seconds = _RESTING if found.resting else LOCKED
    make_markers(folder, watched, generation, seconds)
    values = {name: (held[name], keeper.environ[name].encode("utf-8", "surrogateescape")) for name in kept}
    dropped = tuple(name for name in held if name not in kept)
    first = not os.path.exists(os.path.join(folder, "said"))
    with open(os.path.join(folder, "said"), "w", encoding="utf-8"):
        pass
    said = _drop_words(dropped, fault.what) if dropped else fault.what if first else ""
    variables = _variables(found.loaded)
    return Answer({}, (), dropped, tuple(watched), variables, seconds, write_held(values)), said


def _glance(keeper: Keeper, held: Mapping[str, str]) -> Glance:
    """The tokens that this shell holds, as far as they are known without the store."""
    try:
        return glance(keeper, sorted({id_.partition("/")[0] for id_ in held.values() if id_}), wait_s=0.0)
    except Unavailable:
        return Glance((), {}, Snapshot())


def _watched(keeper: Keeper, snapshot: Snapshot, loaded: Mapping[str, Loaded]) -> dict[str, int | None]:
    found: dict[str, int | None] = dict(snapshot.files())
    for one in loaded.values():
        for path in one.profile.paths:
            found[path] = _mtime(path)
    for path in (*choosing_files(keeper), keeper.home.policy):
        found[path] = _mtime(path)
    return found


def _mtime(path: str) -> int | None:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return None


def _variables(loaded: Mapping[str, Loaded]) -> tuple[str, ...]:
    tokens = [token for one in loaded.values() for token in one.profile.tokens.values()]
    keys = [binding.key for token in tokens for binding in token.bindings]
    names = {key.name for key in keys if key.kind == "env"}
    if any(key.kind == "git" for key in keys):
        names |= GIT_VARIABLES
    return tuple(sorted(names))


def _seconds(evaluation: Evaluation) -> int:
    if any(one.verdict.unsettled_ns is not None for one in evaluation.judged):
        return _RESTING
    moments = [one.verdict.changes_at.timestamp() for one in evaluation.judged if one.verdict.changes_at]
    return max(1, int(min([MOST, *(moment - time.time() for moment in moments)])))


def _words(answer: Answer, released: Released) -> str:
    return "; ".join([*released.notes, *([_signs(answer, released)] if answer.keep or answer.drop else [])])


def _signs(answer: Answer, released: Released) -> str:
    why = {name: one.why for one in released.withheld for name in one.env}
    reasons = sorted({why[name] for name in answer.drop if name in why})
    signs = [f"+{name}" for name in answer.keep] + [f"-{name}" for name in answer.drop]
    return " ".join(signs) + (f" ({'; '.join(reasons)})" if reasons else "")


def _drop_words(names: Iterable[str], why: str) -> str:
    return " ".join(f"-{name}" for name in names) + f" ({why})"
