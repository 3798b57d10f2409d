"""What can still be judged while the store is away: the asker's own keys, by the definition as it stands."""

from collections.abc import Collection, Mapping

from keybound.custody.evaluate import readings_of
from keybound.custody.keeper import Keeper
from keybound.custody.tools import TOOLS
from keybound.domain.definition import Binding, Token
from keybound.domain.errors import BadInput, NotFound
from keybound.domain.readings import Read, Unreadable
from keybound.domain.rules import holds
from keybound.domain.states import Reaction
from keybound.sources.snapshot import Snapshot


def inside_here(keeper: Keeper, ids: Collection[str]) -> frozenset[str]:
    """Those of the tokens whose context keys are inside for this asker, now.

    A kept verdict says nothing of them. Without the envelope no baseline is known, so ``unchanged`` does not hold.
    """
    inside: set[str] = set()
    for name in {one.partition("/")[0] for one in ids}:
        try:
            loaded = keeper.library().load(name)
        except (BadInput, NotFound):
            continue
        readings = readings_of(keeper, loaded, Snapshot())
        tokens = loaded.profile.tokens.values()
        inside |= {str(token.id) for token in tokens if str(token.id) in ids and _all_inside(token, readings)}
    return frozenset(inside)


def _all_inside(token: Token, readings: Mapping[str, Read]) -> bool:
    asked = [one for one in token.bindings if one.key.context and one.outside >= Reaction.SUSPEND]
    return all(_inside(binding, readings[binding.key.text]) for binding in asked)


def _inside(binding: Binding, read: Read) -> bool:
    if isinstance(read.reading, Unreadable):
        return False
    try:
        return all(holds(rule, read.reading, TOOLS, False) for rule in binding.rules)
    except ValueError:
        return False
