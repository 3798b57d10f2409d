"""Store what was chosen, and read it back."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from keybound.custody.context.context import Context
from keybound.custody.envelopes.envelopes import fetch, token_item
from keybound.custody.imports.preview import Candidate
from keybound.custody.tokens.add import add, add_all
from keybound.domain.errors import BadInputError, RefusedError
from keybound.domain.values.names import parse_token_id


def _nobody(_: object) -> None:
    """Nobody hears of it."""


class Outcome(NamedTuple):
    """What became of one that was chosen: ``why`` it is not stored, "" where it is."""

    candidate: Candidate
    why: str = ""


def take(
    context: Context,
    chosen: Sequence[Candidate],
    done: Callable[[Outcome], object] = _nobody,
    far: Callable[[int], object] = _nobody,
) -> list[Outcome]:
    """Store each; one that cannot be stored is said, and the others are.

    ``far`` hears how many are stored so far, ``done`` then what became of each.

    Raises UnavailableError where nothing more can be stored: what is stored stays.
    """
    whys = _together(context, chosen, far) if chosen else []
    held = fetch(context, [token_item(one.new.id) for one in chosen])
    outcomes = []
    for one, why in zip(chosen, whys, strict=True):
        envelope = held[token_item(one.new.id)].envelope
        same = envelope is not None and envelope.secret == one.located.found.secret
        outcomes.append(Outcome(one, why or ("" if same else "it does not read back as it was stored")))
        done(outcomes[-1])
    return outcomes


def _together(context: Context, chosen: Sequence[Candidate], far: Callable[[int], object]) -> list[str]:
    """All in one edit of the profile; where that is refused, one by one, and why not."""
    try:
        add_all(context, chosen[0].new.id.profile, [(one.new, one.located.found.secret) for one in chosen], far)
    except (BadInputError, RefusedError):
        return [_alone(context, one) for one in chosen]
    return [""] * len(chosen)


def _alone(context: Context, one: Candidate) -> str:
    try:
        add(context, one.new, one.located.found.secret)
    except (BadInputError, RefusedError) as fault:
        return fault.what
    return ""


def as_stored(again: Sequence[Candidate], taken: Sequence[Candidate], possible: Sequence[Candidate]) -> list[Candidate]:
    """Those whose secret is stored, by an earlier import or by this one, under the ids that they have.

    ``again``: those that have the secret of another token; ``taken``: of those that were ``possible``.
    """
    now, ids = ({str(one.new.id) for one in some} for some in (taken, possible))
    stored = [one for one in again if one.stored in now or one.stored not in ids]
    return [one._replace(new=one.new._replace(id=parse_token_id(one.stored))) for one in stored]
