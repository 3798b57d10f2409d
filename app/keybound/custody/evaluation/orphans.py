"""Secrets whose definition is gone."""

from keybound.custody.context.context import Context
from keybound.custody.envelopes.envelopes import fetch, item_id, token_item
from keybound.custody.evaluation.evaluate import Evaluation
from keybound.custody.profiles.library import Library
from keybound.domain.values.names import TokenId


def orphans(context: Context, evaluation: Evaluation) -> tuple[str, ...]:
    """Ids that the store or the state knows, with a secret, and that no readable profile defines. Raises UnavailableError."""
    defined = {str(one.id) for one in evaluation.judged}
    everywhere = set(Library(context.home).names())
    known = {one.id for one in context.state.known().values() if not one.removed and "/" in one.id}
    stored = {item_id(item) for item in context.store.items() if item.part == "token"}
    candidates = [one for one in sorted(known | stored) if one not in defined]
    candidates = [one for one in candidates if _looked_at(one, evaluation, everywhere)]
    held = fetch(context, [token_item(TokenId(*one.split("/", 1))) for one in candidates]) if candidates else {}
    return tuple(item_id(item) for item, one in held.items() if one.envelope is not None)


def _looked_at(id_: str, evaluation: Evaluation, everywhere: set[str]) -> bool:
    profile = id_.partition("/")[0]
    return profile in evaluation.loaded or profile not in everywhere
