"""What is typed into the filter of tokens: letters of names, variables and states, and words that ask for more."""

import re
from collections.abc import Callable, Mapping

from keybound.custody.view_models.tokens import TokenView
from keybound.tui.words import ends_soon

PLACEHOLDER = "letters of a name, variable or state; unused:90d, due, outside, profile:, kind:, scope:"
FILTER_HELP = (
    "Letters are looked for in this order in the id, the variables and the state. Words that ask for more: outside (a key is "
    "outside, or cannot be read), due (ended, to end soon, or to refresh, revoke or check now), unused (never; unused:90d not "
    "in 90 days; h, d, w), and profile: kind: state: scope: variable: with a part of the word. All of them must hold."
)
_SECONDS = {"h": 3_600, "d": 86_400, "": 86_400, "w": 7 * 86_400}
_UNUSED = re.compile(r"unused(?::(\d{0,5})([hdw]?))?")
_Test = Callable[[TokenView, float], bool]
_WORDS: Mapping[str, _Test] = {
    "outside": lambda token, now: any(row.inside is not True for row in token.bound),
    "due": lambda token, now: token.rotation.due or ends_soon(token) or (token.expires_at or now + 1) <= now,
}
_PARTS: Mapping[str, Callable[[TokenView], tuple[str, ...]]] = {
    "profile": lambda token: (token.profile,),
    "kind": lambda token: (token.kind,),
    "state": lambda token: (token.state.word,),
    "scope": lambda token: token.scopes,
    "variable": lambda token: token.env,
}


class TokenFilter:
    """A filter as it was typed. ``letters``: those that are looked for in order; "" where there are only words that ask."""

    def __init__(self, text: str) -> None:
        found = [(word, _test(word)) for word in text.lower().split()]
        self.letters = "".join(word for word, test in found if test is None)
        self._tests = [test for _, test in found if test is not None]

    def accepts(self, token: TokenView, hay: str, now: float) -> bool:
        """Whether it is to be shown. ``hay``: its :func:`hay_of`."""
        return in_order(self.letters, hay) and all(test(token, now) for test in self._tests)

    def names(self, name: str) -> bool:
        """Whether a name without a token is to be shown: a heading, a secret without a definition."""
        return not self._tests and in_order(self.letters, name.lower())


def hay_of(token: TokenView) -> str:
    """What letters are looked for in."""
    return f"{token.id} {' '.join(token.env)} {token.state.word}".lower()


def in_order(letters: str, hay: str) -> bool:
    """Whether the letters occur in ``hay`` in this order."""
    at = 0
    for letter in letters:
        at = hay.find(letter, at) + 1
        if not at:
            return False
    return True


def _test(word: str) -> _Test | None:
    """The question that a word asks of a token; None for letters."""
    name, colon, part = word.partition(":")
    if colon and name in _PARTS:
        return lambda token, now: any(part in each.lower() for each in _PARTS[name](token))
    if found := _UNUSED.fullmatch(word):
        return _unused(int(found[1] or 0) * _SECONDS[found[2] or ""])
    return _WORDS.get(word)


def _unused(seconds: int) -> _Test:
    def test(token: TokenView, now: float) -> bool:
        if token.last_released is None:
            return True
        return 0 < seconds <= now - token.last_released

    return test
