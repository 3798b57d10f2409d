"""Whether the store keeps tokens that no profile defines."""

from keybound.custody.context.context import Context
from keybound.custody.envelopes.envelopes import item_id
from keybound.custody.health.finding import Finding, ok, warn
from keybound.custody.health.stores.store_in_use import kind_in_use, without_passphrase
from keybound.custody.profiles.library import Library
from keybound.domain.errors import BadInputError, NotFoundError, UnavailableError
from keybound.stores.base import Item


def orphans(context: Context) -> list[Finding]:
    """By their addresses alone: no item is read. Where the store cannot be listed, its own check says so."""
    try:
        items = without_passphrase(context).store.items() if kind_in_use(context) else set[Item]()
    except UnavailableError:
        return [ok("not known: the store cannot be listed now")]
    defined, unreadable = _defined(Library(context.home))
    lost = sorted({item_id(one) for one in items if one.part == "token"} - defined)
    found = [one for one in lost if one.partition("/")[0] not in unreadable]
    return [
        warn(
            f"{one} has a secret but no definition",
            f"Bring it back: keybound adopt {one}. Or delete it: keybound remove {one}",
        )
        for one in found
    ] or [ok("every secret has its definition")]


def _defined(library: Library) -> tuple[set[str], set[str]]:
    """The tokens that profiles define, and the profiles that cannot be read."""
    defined: set[str] = set()
    unreadable: set[str] = set()
    for name in library.names():
        try:
            defined |= {str(token.id) for token in library.load(name).profile.tokens.values()}
        except (BadInputError, NotFoundError):
            unreadable.add(name)
    return defined, unreadable
