"""The views of tokens as a long-lived process keeps them: one is made again only where its verdict was."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from keybound.custody.evaluation.evaluate import Judged
from keybound.custody.view_models.tokens import ReleaseRow, TokenView
from keybound.domain.values.names import TokenId
from keybound.domain.verdict.verdict import Verdict

Describing = Callable[[Judged, Sequence[ReleaseRow], str], TokenView]


class _Kept(NamedTuple):
    verdict: Verdict
    releases: Sequence[ReleaseRow]
    last: str
    view: TokenView


class TokenViews:
    """Views by token. An :class:`EvaluationCache` hands out the very verdict it kept only where all it was judged on stands."""

    def __init__(self) -> None:
        self._kept: dict[TokenId, _Kept] = {}

    def view(self, one: Judged, releases: Sequence[ReleaseRow], last: str, describe: Describing) -> TokenView:
        """The view that was kept, or the one that ``describe`` makes."""
        kept = self._kept.get(one.id)
        if kept is None or kept.verdict is not one.verdict or (kept.releases, kept.last) != (releases, last):
            kept = self._kept[one.id] = _Kept(one.verdict, releases, last, describe(one, releases, last))
        return kept.view

    def keep(self, tokens: Sequence[TokenView]) -> None:
        """What was added to the views stays with them; tokens that are gone are let go."""
        found = {each.id: each for each in tokens}
        self._kept = {id_: kept._replace(view=found[str(id_)]) for id_, kept in self._kept.items() if str(id_) in found}
