"""What one step of the prompt hook has a shell do."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Answer(NamedTuple):
    """The difference to make, and what to compare at the next prompts.

    ``put``: name → value; ``keep``: those of them that are not Keybound's yet, whose prior value the shell keeps.
    ``drop``: names to let go of. ``files``: watched paths, whose markers are numbered from 0. ``variables``: compared by
    value. ``seconds``: until the next look in any case. ``held``: the new ``KEYBOUND_HELD``, "" for none.
    """

    put: Mapping[str, bytes]
    keep: Sequence[str]
    drop: Sequence[str]
    files: Sequence[str]
    variables: Sequence[str]
    seconds: int
    held: str
