"""What is offered and gathered for a new token."""

from typing import NamedTuple


class Suggestion(NamedTuple):
    """A key that a token may be bound to: its present value becomes the boundary.

    ``value``: as it may be shown; ``origin``: what set it. Both are "" where nobody looked.
    """

    key: str
    rule: str  # in words, "= https://…"
    bind: str  # as `--bind` takes it
    outside: str
    likely: bool
    why: str = ""
    value: str = ""
    origin: str = ""


class Recognised(NamedTuple):
    """What the catalogue says of a secret; all empty where it is of no known kind.

    ``fault``: what is wrong with it; ``asks``: so wrong that it is asked about before it is stored. ``offers``: bindings that
    such a token may have; the likely ones are good for it alone. ``notes``: what is wrong with the user's own entries.
    """

    title: str = ""
    words: str = ""
    fault: str = ""
    asks: bool = False
    name: str = ""
    kind: str = ""
    env: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    expires: str = ""
    offers: tuple[Suggestion, ...] = ()
    notes: tuple[str, ...] = ()


class NewToken(NamedTuple):
    """What the add dialog gathers. ``binds`` as ``--bind`` takes them: ``KEY RULE=VALUE …``. ``ttl`` as "30d" or ""."""

    id: str
    env: tuple[str, ...]
    kind: str
    scopes: tuple[str, ...]
    ttl: str
    binds: tuple[str, ...]
