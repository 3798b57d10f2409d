"""Plain tokens that were found, and what an import made of them."""

from typing import NamedTuple

from keybound.custody.view_models.outcomes import Done


class Searched(NamedTuple):
    """How far a search for plain tokens has come: files looked at, and tokens found in them."""

    files: int
    found: int


class PlainToken(NamedTuple):
    """A plain token that can be imported, or that an import would leave.

    ``number``: by which it is chosen; ``label``: what its file calls it; ``title``: what it is recognised as.
    ``id``, ``env``, ``binds``: of the token that it would become; without ``env``, a helper alone gets it. ``left``: why it
    would not be taken, or ""; ``doubtful``: it would be, where it is chosen; ``stored``: the id of a token that has this very
    secret already, or would have it: only its plain copy is left to replace.
    """

    number: int
    label: str
    line: int
    title: str = ""
    id: str = ""
    env: str = ""
    binds: tuple[str, ...] = ()
    left: str = ""
    doubtful: bool = False
    stored: str = ""


class PlainSource(NamedTuple):
    """A file with plain tokens. ``instead``: what becomes of one whose plain copy is replaced; "" where it cannot be."""

    place: str
    kind: str
    instead: str
    tokens: tuple[PlainToken, ...]


class PlainFinding(NamedTuple):
    """A plain token that no import can take from where it stands. ``risk``: how open it lies, or ""."""

    place: str
    title: str
    risk: str = ""


class PlainFound(NamedTuple):
    """What a search for plain tokens found, as an import into ``profile`` would take it. ``notes``: what could not be read."""

    profile: str
    files: int
    sources: tuple[PlainSource, ...] = ()
    by_hand: tuple[PlainFinding, ...] = ()
    notes: tuple[str, ...] = ()


class Imported(NamedTuple):
    """What an import did. ``undo``: the command for each file that was replaced; ``notes``: what is left to do for its tool."""

    stored: tuple[str, ...] = ()
    not_stored: tuple[Done, ...] = ()
    undo: tuple[str, ...] = ()
    not_replaced: tuple[Done, ...] = ()
    notes: tuple[str, ...] = ()
