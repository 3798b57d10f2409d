"""A profile with many tokens, each bound to three of its keys."""

import random

from keybound.custody.view_models.overview import Overview
from keybound.custody.view_models.tokens import BoundRow
from keybound.domain.verdict.states import State
from keybound.domain.verdict.verdict import Shown
from support.sample_service import OVERVIEW, PATH, token


def big(tokens: int, keys: int) -> Overview:
    """So many tokens over so many keys."""
    dice = random.Random(1)
    made = [
        token(f"staging/t{at:05}", f"T_{at}", State.ACTIVE, bounds=[_row(key) for key in dice.sample(range(keys), 3)])
        for at in range(tokens)
    ]
    return OVERVIEW._replace(tokens=tuple(made))


def _row(key: int) -> BoundRow:
    value, name = Shown(str(key)), f"k{key}"
    return BoundRow(
        f"settings.{name}", "settings", name, f"= {key}", "=", "expire", value, value, True, State.ACTIVE, PATH, key + 5
    )
