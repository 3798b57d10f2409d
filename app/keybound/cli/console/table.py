"""The lines of ``list``: the same columns and order whether the store answers or not."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

from keybound.custody.context.context import Context
from keybound.custody.evaluation.evaluate import Judged
from keybound.custody.evaluation.next_step import next_step
from keybound.custody.profiles.library import Library
from keybound.domain.errors import KeyboundError
from keybound.domain.profile.definition import Token
from keybound.domain.values.durations import words
from keybound.domain.values.names import TokenId
from keybound.domain.verdict.states import STATES, State
from keybound.stores.state import Known


class Row(NamedTuple):
    """One token. ``used``: when it was last released (ISO 8601), "" for never; ``glyph``: of the state, "?" where stale."""

    glyph: str
    id: str
    state: str
    used: str
    env: str
    why: str


def rows_of(judged: Sequence[Judged], times: Mapping[str, str]) -> Iterator[Row]:
    """The rows of tokens that were judged now."""
    for one in judged:
        state, env = one.verdict.state, ",".join(one.token.env) if one.token else ""
        step = next_step(one) if state is State.EXPIRED else ""
        why = f"{one.verdict.why}. Next: {step}" if step else one.verdict.why
        yield Row(state.glyph, str(one.id), state.word, times.get(str(one.id), ""), env, why)


def lines(rows: Sequence[Row], now: datetime) -> Iterator[str]:
    """Rows as lines, in columns."""
    used = [f"used {_ago(row.used, now)} ago" if row.used else "never used" for row in rows]
    wide, long = max((len(row.id) for row in rows), default=0), max(map(len, used), default=0)
    for row, when in zip(rows, used, strict=True):
        yield f"{row.glyph} {row.id:<{wide}}  {row.state:<10}  {when:<{long}}  {row.env}  {row.why}".rstrip()


def _ago(stamp: str, now: datetime) -> str:
    return words((now - datetime.fromisoformat(stamp)).total_seconds())


def never_added(judged: Sequence[Judged]) -> tuple[list[Judged], list[str]]:
    """The tokens that deserve a row of their own, and a line for each profile that inherits others without a secret."""
    shown, folded = list[Judged](), dict[str, list[str]]()
    for one in judged:
        if one.verdict.state is State.MISSING and one.token is not None and one.token.inherited:
            folded.setdefault(one.id.profile, []).append(one.id.name)
        else:
            shown.append(one)
    return shown, [_folded(profile, names) for profile, names in folded.items()]


def _folded(profile: str, names: Sequence[str]) -> str:
    what = "1 inherited token was" if len(names) == 1 else f"{len(names)} inherited tokens were"
    return f"{State.MISSING.glyph} {profile}: {what} never added here: {', '.join(names)}"


def last_known(context: Context, names: Sequence[str]) -> list[Known]:
    """What the state keeps of these profiles' tokens, in the order of their definitions; lost ones last."""
    places = {str(token.id): number for number, token in enumerate(_defined(context, names).values())}
    known = [one for one in context.state.known().values() if "/" in one.id and not one.removed]
    mine = [one for one in known if one.id.partition("/")[0] in names]
    return sorted(mine, key=lambda one: (one.id not in places, places.get(one.id, 0), one.id))


def stale_rows(
    context: Context, known: Sequence[Known], names: Sequence[str], times: Mapping[str, str]
) -> Iterator[Row]:
    """The rows of tokens as they were last known."""
    defined = _defined(context, names)
    for one in known:
        token = defined.get(TokenId(*one.id.split("/", 1)))
        state = known_state(one)
        env = ",".join(token.env) if token else ""
        yield Row(
            "?", one.id, state.word if state is not None else "not known", times.get(one.id, ""), env, "(last known)"
        )


def known_state(known: Known) -> State | None:
    """The state that was last known, None for none."""
    return State.EXPIRED if known.pending else STATES.get(known.verdict)


def _defined(context: Context, names: Sequence[str]) -> dict[TokenId, Token]:
    found: dict[TokenId, Token] = {}
    for name in names:
        with suppress(KeyboundError):
            found.update({token.id: token for token in Library(context.home).load(name).profile.tokens.values()})
    return found
