"""Which token a text is: offline, exact before heuristic, and how sure that is."""

from collections import defaultdict
from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from keybound.catalogue.checksums import CHECKSUMS
from keybound.catalogue.patterns import compiled
from keybound.catalogue.provider import Provider, TokenKind, variables_of

_START = 2  # characters by which prefixes are found
_TELLING = 4  # characters of a prefix that by itself names a provider


class Sure(Enum):
    """How sure a recognition is, surest first."""

    CHECKSUM = "checksum"
    SHAPE = "shape"
    GUESS = "guess"

    @property
    def words(self) -> str:
        """How sure it is, for a person."""
        return {Sure.CHECKSUM: "checksum holds", Sure.SHAPE: "by its form", Sure.GUESS: "a guess"}[self]


class Fault(Enum):
    """What is wrong with a token that looks like one of a kind."""

    CHECKSUM = "checksum"
    LENGTH = "length"

    @property
    def short(self) -> str:
        """What is wrong, in a few words."""
        return "checksum does not hold" if self is Fault.CHECKSUM else "only by its beginning"

    @property
    def words(self) -> str:
        """What is wrong, in a sentence for a person."""
        if self is Fault.CHECKSUM:
            return "its checksum does not hold: it is mistyped or cut"
        return "it begins like one, but has another length or other characters: mistyped, cut, or of a newer form"


class Likeness(NamedTuple):
    """How sure it is that a text is a token of a kind, and what is wrong with it."""

    sure: Sure
    fault: Fault | None = None


class Recognition(NamedTuple):
    """A provider's kind of token that a text is, or may be."""

    provider: Provider
    kind: TokenKind
    sure: Sure
    fault: Fault | None = None

    @property
    def words(self) -> str:
        """How sure it is, for a person."""
        return self.fault.short if self.fault else self.sure.words

    @property
    def env(self) -> tuple[str, ...]:
        """The variables of such a token."""
        return variables_of(self.provider, self.kind)


def sureness(kind: TokenKind, text: str) -> Likeness | None:
    """How sure it is that the whole of ``text`` is a token of this kind; None where it is not.

    A kind that is told by its neighbours only (``context``) is never more than a guess: whether such words stand near is for
    the caller to see.
    """
    if not kind.shortest <= len(text) <= kind.longest or not text.isascii() or not _fits(kind, text):
        return None
    if kind.checksum is None:
        return Likeness(Sure.GUESS if kind.context else Sure.SHAPE)
    if CHECKSUMS[kind.checksum](text):
        return Likeness(Sure.CHECKSUM)
    return Likeness(Sure.SHAPE, Fault.CHECKSUM)


def _fits(kind: TokenKind, text: str) -> bool:
    return compiled(kind.pattern).fullmatch(text) is not None


class Recogniser:
    """All providers' kinds, found by what a text begins with."""

    def __init__(self, providers: Sequence[Provider]) -> None:
        self.providers = {provider.id: provider for provider in providers}
        self._by_start: dict[str, list[tuple[str, TokenKind]]] = defaultdict(list)
        self._bare: list[TokenKind] = []
        for provider in providers:
            for kind in provider.tokens:
                self._bare += [] if kind.prefixes else [kind]
                for prefix in kind.prefixes:
                    self._by_start[prefix[:_START]].append((prefix, kind))

    def recognise(self, text: str, near: str = "") -> list[Recognition]:
        """What ``text`` may be, surest first. ``near``: words beside it (a name, a variable), for forms that tell nothing."""
        words = near.lower()
        begun = [(prefix, kind) for prefix, kind in self._by_start.get(text[:_START], ()) if text.startswith(prefix)]
        found = []
        for kind in [*(kind for _, kind in begun), *self._bare]:
            if kind.context and not any(word in words for word in kind.context):
                continue
            if like := sureness(kind, text):
                found.append(Recognition(self.providers[kind.provider], kind, *like))
        if not found:
            found = self._cut(begun)
        order = list(Sure)
        return sorted(found, key=lambda one: (order.index(one.sure), one.provider.own, one.fault is not None))

    def _cut(self, begun: Sequence[tuple[str, TokenKind]]) -> list[Recognition]:
        """The kind with the longest prefix that the text begins with, where no form fits."""
        telling = [(prefix, kind) for prefix, kind in begun if len(prefix) >= _TELLING and not kind.context]
        if not telling:
            return []
        _, kind = max(telling, key=lambda one: len(one[0]))
        return [Recognition(self.providers[kind.provider], kind, Sure.GUESS, Fault.LENGTH)]
