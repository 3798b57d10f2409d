"""What a hooked shell must set and drop now, and what it must compare at its next prompts."""

import os
import time
from collections.abc import Container, Mapping, Sequence
from typing import NamedTuple

from keybound.custody.context.caller import who
from keybound.custody.context.context import Context
from keybound.custody.evaluation.evaluate import seconds_left
from keybound.custody.evaluation.offline import OfflineEvaluation, evaluate_offline
from keybound.custody.profiles.choose_profile import choose, chosen_name
from keybound.custody.profiles.library import Loaded
from keybound.custody.release.release import Asked, Released, Withheld, release
from keybound.custody.shell_state.deciding_files import deciding_files, mtime, mtimes
from keybound.custody.shell_state.env_diff import dropped, env_diff, held_by, summary, values_of
from keybound.custody.shell_state.markers import MOST, Seen, fresh_notice, stamped, sweep
from keybound.domain.errors import BadInputError, KeyboundError, NotFoundError, StoreLockedError, UnavailableError
from keybound.domain.text.counts import plural
from keybound.domain.values.variables import is_variable
from keybound.domain.verdict.states import STATES, State, Way
from keybound.shells.step import EnvUpdate, Step
from keybound.sources.files.links import Ways
from keybound.sources.files.snapshot import Snapshot
from keybound.sources.git.git_variables import GIT_VARIABLES

LOCKED = 10  # seconds to the next look while the store cannot be had
_RESTING = 1
_ASKS = frozenset([State.EXPIRED.word, State.UNAPPROVED.word])  # what does not recover by itself
_MOST_NAMED = 3


class _Shell(NamedTuple):
    """The shell that asks: its stamps' folder, what it holds of Keybound's, and the files' times before any was read.

    ``ways``: the links to them; ``began_ns``: when that was.
    """

    folder: str
    held: Mapping[str, str]
    before: dict[str, int | None]
    ways: Ways
    began_ns: int

    def stamped(
        self, answer: EnvUpdate, said: str, times: Mapping[str, int | None], *seen: Snapshot
    ) -> tuple[EnvUpdate, str]:
        """The answer with the markers of ``times`` and of what ``seen`` read."""
        files = dict(times)
        for one in seen:
            files.update(one.mtimes())
        files.update(self.before)
        if any(
            one.leads_elsewhere(self.ways.end) for one in seen
        ):  # since it was read: nothing tells when it moves back
            answer = answer.but(seconds=0)
        return stamped(self.folder, answer, said, Seen(files, self.ways, self.began_ns))


def follow(context: Context, shell: str, folder: str) -> Step:
    """Release for this prompt; return the difference to make. Never prompts, never waits for a file to rest."""
    hooked = _Shell(folder, held_by(context.environ), {}, Ways(), time.time_ns())
    _note_stamps(context, hooked)
    sweep(os.path.dirname(folder))
    seen = Snapshot()
    try:
        chosen = choose(context, seen=seen)
        released = _released(context, chosen.profile, shell, hooked)
    except (NotFoundError, BadInputError) as fault:
        return _without_profile(context, hooked, seen, fault)
    except UnavailableError as fault:
        return _without_store(context, hooked, seen, fault)
    evaluation = released.evaluation
    answer = env_diff(context.environ, hooked.held, values_of(released.plain, released.variables)).but(
        variables=_compared(evaluation.loaded, released.variables, evaluation.snapshot),
        seconds=_seconds(released),
        profile=chosen.profile,
        state=_worst(released),
    )
    news = _news(folder, chosen.notes, released, answer.drop)
    why = {name: one.why for one in released.withheld for name in one.env}
    said = filter(None, [news, *released.notes])
    how = f"{chosen.profile} ({chosen.how})"
    pages = _pages(evaluation.loaded)
    return Step(*hooked.stamped(answer, "; ".join(said), pages, evaluation.snapshot, seen), how, summary(answer, why))


def _news(folder: str, notes: Sequence[str], released: Released, dropped: Sequence[str]) -> str:
    """What this shell was not told yet: notes, and what waits for its owner; of what it drops now the reason is said."""
    waiting = [one for one in released.withheld if one.state in _ASKS]
    words = {one: _asks(one) for one in waiting}
    if len(waiting) > _MOST_NAMED:
        words = dict.fromkeys(waiting[:1], f"{plural(len(waiting), 'token')} withheld: keybound list")
    if not fresh_notice(folder, "; ".join([*notes, *words.values()])):
        return ""
    return "; ".join([*notes, *(text for one, text in words.items() if not set(one.env) & set(dropped))])


def _asks(one: Withheld) -> str:
    if "/" not in one.id:
        return f"{one.id} withholds {one.why}"
    return f"{one.id} is {one.state}: keybound why {one.id}"


def _note_stamps(context: Context, hooked: _Shell) -> None:
    hooked.ways.forget()
    hooked.before.update(
        mtimes(deciding_files(context.environ, context.home.config, context.home.state, context.caller.cwd))
    )
    for path in hooked.before:
        hooked.ways.end(path)


def _released(context: Context, profile: str, shell: str, hooked: _Shell) -> Released:
    """Release; once more where that moved the generation, so that the next prompt does not start the program again."""
    holds = {name: context.environ[name] for name, id_ in hooked.held.items() if id_}
    asked = Asked(Way.SHELL, who(f"hook {shell}"), wait=False, held=holds)
    first = release(context, profile, asked)
    if mtime(context.home.generation) == hooked.before[context.home.generation]:
        return first
    _note_stamps(context, hooked)
    second = release(context, profile, asked)
    return second._replace(notes=(*first.notes, *second.notes))


def _without_profile(context: Context, hooked: _Shell, seen: Snapshot, fault: KeyboundError) -> Step:
    """Drop everything; look again when one of the files that say which profile, or a profile, has changed."""
    why = str(fault).partition("\n")[0]
    named = isinstance(fault, BadInputError) or chosen_name(context)  # it is no news that none is in use
    news = fresh_notice(hooked.folder, why if named else "")
    said = dropped(hooked.held, why) if hooked.held else news
    answer = EnvUpdate({}, {}, tuple(hooked.held), "", seconds=MOST)
    return Step(*hooked.stamped(answer, said, {}, seen))


def _without_store(context: Context, hooked: _Shell, seen: Snapshot, fault: KeyboundError) -> Step:
    """Set nothing new; keep what its last known verdict and its readings now allow; drop the rest."""
    found = _glance(context, hooked.held)
    usable = {one.known.id for one in found.tokens if one.usable}
    kept = {name: id_ for name, id_ in hooked.held.items() if not id_ or id_ in usable}
    values = {name: (id_, context.environ[name].encode("utf-8", "surrogateescape")) for name, id_ in kept.items()}
    answer = env_diff(context.environ, hooked.held, values).but(
        variables=_compared(found.loaded, [name for name, id_ in kept.items() if id_], found.snapshot),
        seconds=_RESTING if found.resting else LOCKED,
        profile=chosen_name(context),
        state="locked" if isinstance(fault, StoreLockedError) else "away",
    )
    news = fresh_notice(hooked.folder, fault.what)
    said = dropped(answer.drop, fault.what) if answer.drop else news
    return Step(*hooked.stamped(answer, said, _pages(found.loaded), found.snapshot, seen))


def _glance(context: Context, held: Mapping[str, str]) -> OfflineEvaluation:
    """The tokens that this shell holds, as far as they are known without the store."""
    try:
        return evaluate_offline(context, sorted({id_.partition("/")[0] for id_ in held.values() if id_}), wait_s=0.0)
    except UnavailableError:
        return OfflineEvaluation((), {}, Snapshot())


def _pages(loaded: Mapping[str, Loaded]) -> dict[str, int | None]:
    return mtimes(path for one in loaded.values() for path in one.profile.paths)


def _compared(loaded: Mapping[str, Loaded], secret: Container[str], seen: Snapshot) -> tuple[str, ...]:
    """The variables that bindings read, or that tools go by; not those that carry a secret, which the shell must not copy."""
    tokens = [token for one in loaded.values() for token in one.profile.tokens.values()]
    keys = [binding.key for token in tokens for binding in token.bindings]
    names = {key.name for key in keys if key.kind == "env"}
    if any(key.kind == "git" for key in keys):
        names |= GIT_VARIABLES
    names |= seen.variables
    return tuple(sorted(name for name in names if is_variable(name) and name not in secret))


def _seconds(released: Released) -> int:
    """Until the next look at the latest, in whole seconds, as shells count them: a minted token is renewed at half its life."""
    half = [one.renew_at - time.time() for one in released.minted]
    return max(1, int(min([seconds_left(released.evaluation.judged, MOST), *half])))


def _worst(released: Released) -> str:
    """The worst state among the profile's tokens that count for this shell; "" where it has none."""
    judged = released.evaluation.judged
    ids = {id_ for id_, _ in released.variables.values()}
    states = [one.verdict.state for one in judged if str(one.id) in ids]
    states += [STATES[one.state] for one in released.withheld]
    return max(states).word if states else ""
