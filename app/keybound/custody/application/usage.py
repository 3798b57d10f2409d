"""How tokens were used: last and first, by which program, where, how often; and what is unlike before."""

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import NamedTuple

from keybound.custody.alerts.raising import Raised, raise_alerts
from keybound.custody.context.config import read_config
from keybound.custody.context.context import Context
from keybound.custody.profiles.library import Library
from keybound.domain.errors import KeyboundError, NotFoundError
from keybound.domain.values.alert_kinds import AlertKind
from keybound.stores.alert_table import AlertTable
from keybound.stores.journal.usage_index import UsageIndex, Use

LEARNED = timedelta(days=7)  # of use, after which a new program is unusual
USUAL_DAYS = 3  # of use, after which it is usual too


class TokenUsage(NamedTuple):
    """How one token was used. ``first``, ``last``: ISO 8601 in UTC, "" for never; ``by``: most used first.

    ``unusual``: the programs that got it for the first time when it had been used for a week, on fewer than three days.
    """

    id: str
    first: str
    last: str
    times: int
    by: tuple[Use, ...]
    unusual: frozenset[str]


def usage_index(context: Context) -> UsageIndex:
    """The index of this home's journal."""
    state = context.home.state
    return UsageIndex(os.path.join(state, "usage.db"), os.path.join(state, "journal"))


def usage(context: Context, token: str | None = None, since: str = "") -> list[TokenUsage]:
    """The usage of every token that there is, or of one, since a day (``2026-11-28``).

    Raises UnavailableError; NotFoundError for a token that neither profiles nor state nor journal know.
    """
    index = usage_index(context)
    uses: dict[str, list[Use]] = {}
    for use in index.uses(token, since):
        uses.setdefault(use.token, []).append(use)
    ids = _ids(context)
    if token is not None:
        if token not in ids and token not in uses and not index.programs(token):
            raise NotFoundError(f"no such token, now or in the journal: {token}", hint="See: keybound list")
        ids = [token]
    strange = _unusual(index.programs(token))
    index.close()
    return [_of(id_, uses.get(id_, []), strange.get(id_, {})) for id_ in ids]


def _of(id_: str, uses: list[Use], strange: Iterable[str]) -> TokenUsage:
    first = min((one.first for one in uses), default="")
    last = max((one.last for one in uses), default="")
    return TokenUsage(id_, first, last, sum(one.times for one in uses), tuple(uses), frozenset(strange))


def _ids(context: Context) -> list[str]:
    """The tokens that profiles define, and those that have a secret though none does."""
    found: dict[str, None] = {}
    library = Library(context.home)
    for name in library.names():
        with suppress(KeyboundError):
            found.update(dict.fromkeys(str(one.id) for one in library.load(name).profile.tokens.values()))
    known = [one.id for one in context.state.known().values() if "/" in one.id and not one.removed]
    return [*found, *(one for one in sorted(known) if one not in found)]


def _unusual(programs: Iterable[Use]) -> dict[str, dict[str, Use]]:
    """Programs by token that came when others had had it for a week, and did not stay yet."""
    by_token: dict[str, list[Use]] = {}
    for use in programs:
        by_token.setdefault(use.token, []).append(use)
    return {
        token: {one.program: one for one in uses if _is_new(one, min(each.first for each in uses))}
        for token, uses in by_token.items()
    }


def unusual_programs(programs: Sequence[Use]) -> frozenset[str]:
    """Those of one token that are unusual."""
    return frozenset(name for found in _unusual(programs).values() for name in found)


def _is_new(use: Use, began: str) -> bool:
    later = datetime.fromisoformat(use.first) - datetime.fromisoformat(began)
    return later >= LEARNED and use.days < USUAL_DAYS


def unusual(context: Context) -> dict[str, str]:
    """A sentence for each token that an unusual program got; nothing where config.toml does not ask for it.

    Raises UnavailableError.
    """
    if not os.path.lexists(context.home.settings) or read_config(context.home).unusual != "warn":
        return {}
    index = usage_index(context)
    found = _unusual(index.programs())
    index.close()
    return {token: _sentence(uses.values()) for token, uses in found.items() if uses}


def _sentence(uses: Iterable[Use]) -> str:
    said = [f"{one.program} first got it on {one.first[:10]}" for one in sorted(uses, key=lambda one: one.first)]
    return "; ".join(said)


def alert_unusual(context: Context) -> None:
    """Alert to what is unusual, and end the alerts of what is no longer. Raises UnavailableError."""
    found = unusual(context)
    raised = [Raised(AlertKind.UNUSUAL, token, sentence) for token, sentence in found.items()]

    standing = AlertTable(context.state).about(AlertKind.UNUSUAL.value)
    raise_alerts(context, raised, [(token, AlertKind.UNUSUAL) for token in standing if token not in found])
