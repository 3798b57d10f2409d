"""What a hooked shell must set and drop now, and what it must compare at its next prompts."""

import os
import time
from collections.abc import Container, Iterable, Mapping
from typing import NamedTuple

from keybound.custody.asker import who
from keybound.custody.choose_profile import choose, choosing_files, chosen_name
from keybound.custody.evaluate import Evaluation
from keybound.custody.held import still_held, write_held
from keybound.custody.keeper import Keeper
from keybound.custody.library import Loaded
from keybound.custody.markers import fresh_notice, make_markers, sweep
from keybound.custody.release import Asked, Released, release
from keybound.custody.without_store import Glance, glance
from keybound.domain.errors import BadInput, KeyboundError, NotFound, StoreLocked, Unavailable
from keybound.domain.secret import unwrap
from keybound.domain.states import STATES, Way
from keybound.domain.variables import is_variable
from keybound.shells.step import Answer
from keybound.sources.git_variables import GIT_VARIABLES
from keybound.sources.snapshot import Snapshot

MOST = 600  # seconds to the next look in any case
LOCKED = 10  # seconds to the next look while the store cannot be had
_RESTING = 1


class Step(NamedTuple):
    """What a shell does now. ``said``: one line of what changed, "" for none; ``how``: the profile and why it is this one."""

    answer: Answer
    said: str
    how: str = ""


class _Shell(NamedTuple):
    """The shell that asks: its stamps' folder, what it holds of Keybound's, and the files' times before any was read.

    ``began_ns``: when that was.
    """

    folder: str
    held: Mapping[str, str]
    before: dict[str, int | None]
    began_ns: int


def follow(keeper: Keeper, shell: str, folder: str) -> Step:
    """Release for this prompt; return the difference to make. Never prompts, never waits for a file to rest."""
    held = {name: id_ for name, id_ in still_held(keeper.environ).items() if is_variable(name)}
    asker = _Shell(folder, held, _stamps(keeper), time.time_ns())
    sweep(os.path.dirname(folder))
    seen = Snapshot()
    try:
        chosen = choose(keeper, seen=seen)
        released = _released(keeper, chosen.profile, shell, asker)
    except (NotFound, BadInput) as fault:
        return _without_profile(asker, seen, fault)
    except Unavailable as fault:
        return _without_store(keeper, asker, seen, fault)
    evaluation = released.evaluation
    watched = {**_watched(asker, evaluation.snapshot, evaluation.loaded), **seen.files()}
    answer = _difference(keeper, asker.held, _values(released))._replace(
        variables=_compared(evaluation.loaded, released.variables),
        seconds=_seconds(evaluation),
        profile=chosen.profile,
        state=_worst(released),
    )
    news = fresh_notice(folder, "; ".join(chosen.notes))
    said = [*([news] if news else []), *released.notes, *_signs(keeper, answer, released)]
    return _stamped(asker, Step(answer, "; ".join(said), f"{chosen.profile} ({chosen.how})"), watched)


def _stamped(asker: _Shell, step: Step, watched: Mapping[str, int | None]) -> Step:
    """The step with the shell's markers; one that cannot have them holds for this prompt alone."""
    try:
        files = make_markers(asker.folder, watched, step.answer.seconds, asker.began_ns)
    except Unavailable as fault:
        said = "; ".join(filter(None, [step.said, f"{fault.what} ({fault.where}); it looks at each prompt"]))
        return step._replace(answer=step.answer._replace(seconds=0), said=said)
    return step._replace(answer=step.answer._replace(files=files))


def _stamps(keeper: Keeper) -> dict[str, int | None]:
    """The generation, and every file that says which profile is used or what is in one, whether it is there or not."""
    profiles = map(keeper.home.profile_path, keeper.library().names())
    paths = [keeper.home.generation, *choosing_files(keeper), keeper.home.policy, *profiles]
    return {path: _mtime(path) for path in paths}


def _released(keeper: Keeper, profile: str, shell: str, asker: _Shell) -> Released:
    """Release; once more where that moved the generation, so that the next prompt does not start the program again."""
    asked = Asked(Way.SHELL, who(f"hook {shell}"), wait=False)
    first = release(keeper, profile, asked)
    if _mtime(keeper.home.generation) == asker.before[keeper.home.generation]:
        return first
    asker.before.update(_stamps(keeper))
    second = release(keeper, profile, asked)
    return second._replace(notes=(*first.notes, *second.notes))


def _difference(keeper: Keeper, held: Mapping[str, str], values: Mapping[str, tuple[str, bytes]]) -> Answer:
    """What must be set and dropped so that the shell holds exactly ``values`` of Keybound's."""
    now = {name: keeper.environ[name].encode("utf-8", "surrogateescape") for name in held}
    put = {name: value for name, (_, value) in values.items() if now.get(name) != value}
    return Answer(
        put=put,
        keep={name: name in keeper.environ for name in put if name not in held},
        drop=tuple(name for name in held if name not in values),
        files=(),
        variables=(),
        seconds=0,
        held=write_held(values),
    )


def _without_profile(asker: _Shell, seen: Snapshot, fault: KeyboundError) -> Step:
    """Drop everything; look again when one of the files that say which profile, or a profile, has changed."""
    why = str(fault).partition("\n")[0]
    broken = fresh_notice(asker.folder, why if isinstance(fault, BadInput) else "")
    said = _drop_words(asker.held, why) if asker.held else broken
    answer = Answer({}, {}, tuple(asker.held), (), (), MOST, "")
    return _stamped(asker, Step(answer, said), {**asker.before, **seen.files()})


def _values(released: Released) -> dict[str, tuple[str, bytes]]:
    plain = {name: ("", text.encode("utf-8", "surrogateescape")) for name, text in released.plain.items()}
    return plain | {name: (id_, unwrap(secret)) for name, (id_, secret) in released.variables.items()}


def _without_store(keeper: Keeper, asker: _Shell, seen: Snapshot, fault: KeyboundError) -> Step:
    """Set nothing new; keep what its last known verdict and its readings now allow; drop the rest."""
    found = _glance(keeper, asker.held)
    usable = {one.known.id for one in found.tokens if one.usable}
    kept = {name: id_ for name, id_ in asker.held.items() if not id_ or id_ in usable}
    values = {name: (id_, keeper.environ[name].encode("utf-8", "surrogateescape")) for name, id_ in kept.items()}
    seconds = _RESTING if found.resting else LOCKED
    answer = _difference(keeper, asker.held, values)._replace(
        variables=_compared(found.loaded, [name for name, id_ in kept.items() if id_]),
        seconds=seconds,
        profile=chosen_name(keeper),
        state="locked" if isinstance(fault, StoreLocked) else "away",
    )
    news = fresh_notice(asker.folder, fault.what)
    said = _drop_words(answer.drop, fault.what) if answer.drop else news
    return _stamped(asker, Step(answer, said), {**_watched(asker, found.snapshot, found.loaded), **seen.files()})


def _glance(keeper: Keeper, held: Mapping[str, str]) -> Glance:
    """The tokens that this shell holds, as far as they are known without the store."""
    try:
        return glance(keeper, sorted({id_.partition("/")[0] for id_ in held.values() if id_}), wait_s=0.0)
    except Unavailable:
        return Glance((), {}, Snapshot())


def _watched(asker: _Shell, snapshot: Snapshot, loaded: Mapping[str, Loaded]) -> dict[str, int | None]:
    paths = [path for one in loaded.values() for path in one.profile.paths]
    return {**snapshot.files(), **{path: _mtime(path) for path in paths}, **asker.before}


def _mtime(path: str) -> int | None:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return None


def _compared(loaded: Mapping[str, Loaded], secret: Container[str]) -> tuple[str, ...]:
    """The variables that bindings read; not those that carry a secret, which the shell must not copy."""
    tokens = [token for one in loaded.values() for token in one.profile.tokens.values()]
    keys = [binding.key for token in tokens for binding in token.bindings]
    names = {key.name for key in keys if key.kind == "env"}
    if any(key.kind == "git" for key in keys):
        names |= GIT_VARIABLES
    return tuple(sorted(name for name in names if is_variable(name) and name not in secret))


def _seconds(evaluation: Evaluation) -> int:
    if any(one.verdict.unsettled_ns is not None for one in evaluation.judged):
        return _RESTING
    moments = [one.verdict.changes_at.timestamp() for one in evaluation.judged if one.verdict.changes_at]
    return max(1, int(min([MOST, *(moment - time.time() for moment in moments)])))


def _worst(released: Released) -> str:
    """The worst state among the profile's tokens that count for this shell; "" where it has none."""
    judged = released.evaluation.judged
    ids = {id_ for id_, _ in released.variables.values()}
    states = [one.verdict.state for one in judged if str(one.id) in ids]
    states += [STATES[one.state] for one in released.withheld]
    return max(states).word if states else ""


def _signs(keeper: Keeper, answer: Answer, released: Released) -> list[str]:
    why = {name: one.why for one in released.withheld for name in one.env}
    reasons = sorted({why[name] for name in answer.drop if name in why})
    signs = [f"{'+' if name in answer.keep else '~'}{name}" for name in answer.put]
    signs += [f"-{name}" for name in answer.drop]
    return [" ".join(signs) + (f" ({'; '.join(reasons)})" if reasons else "")] if signs else []


def _drop_words(names: Iterable[str], why: str) -> str:
    return " ".join(f"-{name}" for name in names) + f" ({why})"
