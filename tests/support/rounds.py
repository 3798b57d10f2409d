"""How often a property is tried: as often as a variable of the environment says, else as usual, and less in a short run."""

import os

short = False  # set before collection, where the fast tier alone is asked for


def rounds(usual: int, few: int, variable: str = "") -> int:
    """How often; ``few`` in a short run."""
    return int(os.environ.get(variable, few if short else usual))
