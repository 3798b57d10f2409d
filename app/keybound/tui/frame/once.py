"""What is worked out once for each overview, however often it is painted."""

from collections.abc import Callable
from typing import Generic, TypeVar

from keybound.custody.view_models.overview import Overview

T = TypeVar("T")


class OncePer(Generic[T]):
    """Calls ``make`` for an overview when it is first asked, and keeps the answer until it is asked about another one."""

    def __init__(self, make: Callable[[Overview], T]) -> None:
        self._make = make
        self._kept: tuple[Overview, T] | None = None

    def __call__(self, overview: Overview) -> T:
        """What ``make`` says of the overview."""
        if self._kept is None or self._kept[0] is not overview:
            self._kept = (overview, self._make(overview))
        return self._kept[1]


tokens_by_id = OncePer(lambda overview: {each.id: each for each in overview.tokens})
