"""What follows from adding a token, in words."""

from collections.abc import Sequence

from keybound.custody.view_models.adding import Suggestion
from keybound.custody.view_models.overview import Overview
from keybound.domain.verdict.states import State
from keybound.tui.styled_text import Line, Piece, line, mark


def consequences(
    overview: Overview, profile: str, name: str, env: Sequence[str], chosen: Sequence[Suggestion]
) -> list[Line]:
    """At most four lines: where it is exported, what it hides, when it is withheld, when it expires."""
    made = [_exported(profile, env)]
    others = [
        token.id
        for token in overview.tokens
        if token.profile == profile and token.name != name and set(token.env) & set(env)
    ]
    if others:
        made.append(
            (
                mark(State.WARNING),
                *line((f" {others[0]} also exports it: one would hide the other", "state-warning")),
            )
        )
    for state, reactions, words in (
        (State.SUSPENDED, ("suspend", "refresh"), "withheld while {} is outside; recovers"),
        (State.EXPIRED, ("expire",), "expired when {} leaves its bounds"),
    ):
        keys = [offer.key for offer in chosen if offer.outside in reactions]
        if keys:
            made.append((mark(state), *line((" " + words.format(_listed(keys)), "muted"))))
    if not chosen:
        made.append(
            (
                mark(State.WARNING),
                *line((" not bound: no change of configuration withholds it", "state-warning")),
            )
        )
    return [(Piece("Then  " if at == 0 else " " * 6, "bold"), *each) for at, each in enumerate(made)]


def _exported(profile: str, env: Sequence[str]) -> Line:
    if not env:
        return (mark(State.MISSING), *line((" exported once it has a variable", "muted")))
    words = line((" exported as ", "muted"), (" ".join(env), "bold"), (f" wherever {profile} is used", "muted"))
    return (mark(State.ACTIVE), *words)


def _listed(keys: Sequence[str]) -> str:
    short = [key.rpartition("settings.")[2] for key in keys]
    return short[0] if len(short) == 1 else f"{', '.join(short[:-1])} or {short[-1]}"
