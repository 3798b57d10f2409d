"""What looks like a secret and is none: examples, blanks to fill in, words, hashes, references to where the secret is."""

import math
import re
from collections import Counter
from itertools import pairwise

_PLACEHOLDER = re.compile(
    r"example|sample|dummy|placeholder|redacted|change[-_]?me|your[-_]|replace|insert|x{6}|\*\*\*|\.\.\.|<[^>]*>|\{\{|\$\{|\$\(|%\(|"
    r"1234567|abcdefg|deadbeef|0{8}|(?:^|[-_.])(?:fake|todo|tbd|none|null)(?:[-_.]|$)|test[-_]?(?:token|key|secret|password)",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"[$%@#]|(?:process|os|env|environ|config|self|this|settings|secrets|vars|var|local|data|args|options|props)\.|"
    r"(?:https?|file|op|vault|ref|arn|keybound)[:+]|[./~\\]",
    re.IGNORECASE,
)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_CHARACTERS = re.compile(r"[!-~]+")
_PARTS = re.compile(r"[^A-Za-z0-9]+")
_PATH = re.compile(r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)+")
_SHORTEST, _LONGEST = 16, 1024
_VARIETY = 3.0  # bits a character: hex of 32 has 3.6 on average, English text 2.5 at this length
_CHANGES = 0.22  # of neighbours that are of different kinds: hex has 0.47, letters and digits 0.44, words below 0.2
_RUN = 8


def is_placeholder(text: str) -> bool:
    """Whether it says of itself that it is an example, or is made by counting or repeating."""
    return bool(_PLACEHOLDER.search(text)) or _runs(text) or len(set(text)) < min(6, len(text))


def looks_random(text: str) -> bool:
    """Whether it could be a secret that a machine made: long, mixed, neither words nor a reference."""
    if not _SHORTEST <= len(text) <= _LONGEST or not _CHARACTERS.fullmatch(text):
        return False
    if _PATH.fullmatch(text):
        return any(looks_random(part) for part in text.split("."))
    if _REFERENCE.match(text) or _UUID.fullmatch(text) or is_placeholder(text) or "=" in text.rstrip("="):
        return False
    if not any(char.isdigit() for char in text) or variety(text) < _VARIETY:
        return False
    return _changes(text) >= _CHANGES and any(_is_mixed(part) for part in _PARTS.split(text))


def looks_chosen(text: str) -> bool:
    """Whether it could be a password that a person chose: eight characters, letters, digits and others; no reference."""
    if not 8 <= len(text) <= 128 or not _CHARACTERS.fullmatch(text) or _REFERENCE.match(text) or _PATH.fullmatch(text):
        return False
    kinds = {_kind(char) for char in text if char not in "-_."}
    return len(kinds) >= 3 and "0" in kinds and variety(text) >= 2.5 and not is_placeholder(text)


def variety(text: str) -> float:
    """Shannon's entropy of its characters, bits a character."""
    total = len(text)
    return -sum(count / total * math.log2(count / total) for count in Counter(text).values())


def _is_mixed(part: str) -> bool:
    return len(part) >= 10 and any(char.isdigit() for char in part) and any(char.isalpha() for char in part)


def _changes(text: str) -> float:
    """How many neighbours are of different kinds; a capital before a small letter begins a word, as in any name."""
    kinds = [_kind(char) for char in text if char not in "-_."]
    changes = sum(one != other and (one, other) != ("A", "a") for one, other in pairwise(kinds))
    return changes / max(len(kinds) - 1, 1)


def _kind(char: str) -> str:
    return "a" if char.islower() else "A" if char.isupper() else "0" if char.isdigit() else "-"


def _runs(text: str) -> bool:
    """Eight neighbours that count up or down, or are the same."""
    codes = [ord(char) for char in text]
    steps = [after - before for before, after in pairwise(codes)]
    return any(abs(steps[at]) <= 1 and len(set(steps[at : at + _RUN - 1])) == 1 for at in range(len(steps) - _RUN + 2))
