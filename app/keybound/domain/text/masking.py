"""Replace secrets in a stream of output, across the borders of its pieces and in the forms programs print."""

from collections.abc import Iterable, Iterator

from keybound.domain.text.needles import Needles

MASK = "••••••••".encode()
_BREAKS = b"\r\n"
SHORTEST = 4  # a shorter secret would mask half of every text
SHORTEST_LINE = 8  # of several lines a shorter one is a bracket or a word, which would be masked everywhere
_ARMOUR = (b"-----BEGIN ", b"-----END ")  # no secret stands there, and other keys are framed by the same line


def forms(secret: bytes) -> set[bytes]:
    """The secret as it is, JSON-escaped, URL-encoded, and in base64 wherever it begins in what was encoded.

    Of a secret of several lines each that is long enough too: programs print a part of it, or put something before each.
    All without line breaks.
    """
    if len(secret) < SHORTEST:
        return set()
    found = {form for part in (secret, *_lines(secret)) for form in (part, *_json(part), *_url(part), *_base64(part))}
    return {form for form in map(_unbroken, found) if len(form) >= SHORTEST}


def _lines(secret: bytes) -> Iterator[bytes]:
    for line in map(bytes.strip, secret.splitlines()):
        if len(line) >= SHORTEST_LINE and not line.startswith(_ARMOUR):
            yield line


def _json(secret: bytes) -> Iterator[bytes]:
    from json import dumps

    try:
        text = secret.decode()
    except UnicodeDecodeError:
        return
    for ascii_only in (True, False):
        yield dumps(text, ensure_ascii=ascii_only)[1:-1].encode()
    yield dumps(text)[1:-1].replace("/", "\\/").encode()


def _url(secret: bytes) -> Iterator[bytes]:
    from urllib.parse import quote_from_bytes, quote_plus

    for safe in ("", "/"):
        quoted = quote_from_bytes(secret, safe=safe)
        yield quoted.encode()
        yield quoted.replace("%", "%25").encode() if "%" in quoted else quoted.encode()
        yield _lower(quoted).encode()
    yield quote_plus(secret).encode()


def _lower(quoted: str) -> str:
    first, *rest = quoted.split("%")
    return "%".join([first, *(part[:2].lower() + part[2:] for part in rest)])


def _base64(secret: bytes) -> Iterator[bytes]:
    """What base64 of any text around the secret is sure to hold, for each of the three places it can begin at."""
    from base64 import b64encode

    for before in range(3):
        whole = b64encode(b"\0" * before + secret)
        start = (before * 8 + 5) // 6
        end = (before + len(secret)) * 8 // 6
        part = whole[start:end]
        yield part
        yield part.replace(b"+", b"-").replace(b"/", b"_")


class Masker:
    """Masks one stream. What may be the beginning of a secret is kept until it is known.

    Line breaks do not count: a terminal turns ``\\n`` into ``\\r\\n``, and base64 is wrapped.
    """

    def __init__(self, secrets: Iterable[bytes]) -> None:
        self._needles = Needles({form for secret in secrets for form in forms(secret)})
        self._kept = b""
        self._done = 0  # so many of the kept bytes were shown, or masked, already

    @property
    def waits(self) -> bool:
        """Whether something is kept that :meth:`idle` would show."""
        return len(self._kept) > self._done and self._is_little()

    def feed(self, data: bytes) -> bytes:
        """Return what may be shown now."""
        text = self._kept + data
        unbroken = _unbroken(text)
        kept = self._needles.overlap(unbroken)
        edge = _before_last(text, kept)
        out, at = [], self._done
        for start, end in self._found(text, unbroken):
            if start < edge and end > at:
                out += [text[at:start], MASK]
                at = end
        out.append(text[at:edge])
        self._kept, self._done = text[edge:], max(at - edge, 0)
        return b"".join(out)

    def idle(self) -> bytes:
        """Return what is kept where it is too little to give a secret away: somebody waits for what he typed.

        It is remembered: the rest of a secret that comes slowly is masked all the same.
        """
        if not self.waits:
            return b""
        text, self._done = self._kept[self._done :], len(self._kept)
        return text

    def end(self) -> bytes:
        """Return what is left at the end; the beginning of a secret is masked too."""
        text, little = self._kept[self._done :], self._is_little()
        self._kept, self._done = b"", 0
        if little:
            return text
        return MASK + text[len(text.rstrip(_BREAKS)) :]

    def _is_little(self) -> bool:
        return len(_unbroken(self._kept)) < SHORTEST or not _unbroken(self._kept[self._done :])

    def _found(self, text: bytes, unbroken: bytes) -> list[tuple[int, int]]:
        """Where in ``text`` forms stand, in order; what overlaps is one."""
        spans = sorted(self._needles.places(unbroken))
        if not spans:
            return []
        places = [place for place, byte in enumerate(text) if byte not in _BREAKS]
        merged: list[tuple[int, int]] = []
        for start, end in ((places[first], places[last] + 1) for first, last in spans):
            if merged and start < merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        return merged


def _unbroken(text: bytes) -> bytes:
    return text.translate(None, _BREAKS)


def _before_last(text: bytes, count: int) -> int:
    """Where the last ``count`` bytes that are no line breaks begin."""
    at = len(text)
    while count:
        at -= 1
        count -= text[at] not in _BREAKS
    return at
