"""Which of a token's scopes its profile's active roles permit."""

from collections.abc import Iterable, Mapping, Sequence


def permits(grant: str, scope: str) -> bool:
    """Whether a grant covers a scope; ``*`` in the grant stands for any run of characters."""
    first, *rest = grant.split("*")
    if not rest:
        return grant == scope
    *middle, last = rest
    if not scope.startswith(first) or len(scope) < len(first) + len(last) or not scope.endswith(last):
        return False
    at, end = len(first), len(scope) - len(last)
    for piece in middle:
        at = scope.find(piece, at, end)
        if at < 0:
            return False
        at += len(piece)
    return True


def granted(
    scopes: Iterable[str], active: Sequence[str], grants: Mapping[str, tuple[str, ...]] | None
) -> frozenset[str]:
    """The scopes that an active role grants; all of them where the profile has no grants."""
    if grants is None:
        return frozenset(scopes)
    patterns = [grant for role in active for grant in grants.get(role, ())]
    return frozenset(scope for scope in scopes if any(permits(grant, scope) for grant in patterns))
