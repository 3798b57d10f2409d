"""What one step of the prompt hook has a shell do."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Watched(NamedTuple):
    """A path to compare with a marker that has its mtime; ``mark`` is "" where the path was absent.

    ``young``: its next change may bear the same second.
    """

    path: str
    mark: str
    mtime_ns: int = 0
    young: bool = False


class Answer(NamedTuple):
    """The difference to make, and what to compare at the next prompts.

    ``put``: name → value, where it differs from what the shell has; ``keep``: those of them that are not Keybound's yet,
    whose prior value the shell keeps, with whether it was exported. ``drop``: names to let go of. ``files``: compared by
    time. ``variables``: compared by value; none that carries a token. ``seconds``: until the next look in
    any case. ``held``: the new ``KEYBOUND_HELD``, "" for none. ``profile``, ``state``: for the prompt, "" where there is none.
    """

    put: Mapping[str, bytes]
    keep: Mapping[str, bool]
    drop: Sequence[str]
    files: Sequence[Watched]
    variables: Sequence[str]
    seconds: int
    held: str
    profile: str = ""
    state: str = ""
