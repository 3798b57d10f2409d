"""Many short byte strings, found in a text at once: a key of fifty lines has some four hundred forms."""

import sys
from collections.abc import Iterable, Iterator

_WORD = 4
_LEAST, _MOST = 2 * _WORD - 1, 256  # from 7 bytes on, a whole word of the text lies in each place where a form stands
_FEW = 64  # so many are looked for one by one in less time


class Needles:
    """What is looked for: each form at least four bytes long."""

    def __init__(self, forms: Iterable[bytes]) -> None:
        self._alone: list[bytes] = []  # few of them: each is looked for by itself
        self._words: dict[int, set[bytes]] = {}
        self._heads: dict[bytes, list[bytes]] = {}
        self._starts: set[bytes] = set()
        every = sorted(forms, key=len, reverse=True)
        for form in every:
            self._starts.update(form[:size] for size in range(1, _WORD))
            if len(every) <= _FEW or not _LEAST <= len(form) <= _MOST:
                self._alone.append(form)
                continue
            self._heads.setdefault(form[:_WORD], []).append(form)
            for at in range(len(form) - _WORD + 1):
                self._words.setdefault(int.from_bytes(form[at : at + _WORD], sys.byteorder), set()).add(form)

    def places(self, text: bytes) -> Iterator[tuple[int, int]]:
        """The first and the last byte of each place where a form stands."""
        candidates = set(self._alone)
        if self._words and len(text) >= _WORD:
            words = set(memoryview(text)[: len(text) // _WORD * _WORD].cast("I"))
            for word in self._words.keys() & words:
                candidates |= self._words[word]
        for form in candidates:
            at = text.find(form)
            while at >= 0:
                yield at, at + len(form) - 1
                at = text.find(form, at + 1)

    def overlap(self, text: bytes) -> int:
        """The length of the longest end of the text with which a form begins, and does not end."""
        little = max(
            (size for size in range(1, _WORD) if text[-size:] in self._starts and size <= len(text)), default=0
        )
        return max([little, self._overlap_of_many(text), *(_overlap(text, form) for form in self._alone)])

    def _overlap_of_many(self, text: bytes) -> int:
        for at in range(max(len(text) - _MOST + 1, 0), len(text) - _WORD + 1 if self._heads else 0):
            end = text[at:]
            if any(form.startswith(end) and form != end for form in self._heads.get(end[:_WORD], ())):
                return len(end)
        return 0


def _overlap(text: bytes, form: bytes) -> int:
    at = text.find(form[:_WORD], max(len(text) - len(form) + 1, 0))
    while at >= 0:
        if form.startswith(text[at:]):
            return len(text) - at
        at = text.find(form[:_WORD], at + 1)
    return 0
