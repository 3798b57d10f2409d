"""Replace secrets in a stream of output, across the borders of its pieces and in the forms that programs print them in."""

from collections.abc import Iterable, Iterator

MASK = "••••••••".encode()
SHORTEST = 4  # a shorter secret would mask half of every text


def forms(secret: bytes) -> set[bytes]:
    """The secret as it is, JSON-escaped, URL-encoded, and in base64 wherever it begins in what was encoded."""
    if len(secret) < SHORTEST:
        return set()
    found = {secret, *_json(secret), *_url(secret), *_base64(secret)}
    return {form for form in found if len(form) >= SHORTEST}


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
    """Masks one stream. What may be the beginning of a secret is kept until it is known."""

    def __init__(self, secrets: Iterable[bytes]) -> None:
        found = {form for secret in secrets for form in forms(secret)}
        self._forms = sorted(found, key=len, reverse=True)
        self._kept = b""

    @property
    def keeps(self) -> int:
        """How many bytes are kept."""
        return len(self._kept)

    def feed(self, data: bytes) -> bytes:
        """Return what may be shown now."""
        text = self._replaced(self._kept + data)
        kept = self._open_end(text)
        self._kept = text[len(text) - kept :]
        return text[: len(text) - kept]

    def idle(self) -> bytes:
        """Return what is kept where it is too little to give a secret away: somebody waits for what he typed."""
        return self._let_go() if len(self._kept) < SHORTEST else b""

    def end(self) -> bytes:
        """Return what is left at the end; the beginning of a secret is masked too."""
        return self._let_go() if len(self._kept) < SHORTEST else self._masked_rest()

    def _let_go(self) -> bytes:
        text, self._kept = self._kept, b""
        return text

    def _masked_rest(self) -> bytes:
        self._kept = b""
        return MASK

    def _replaced(self, text: bytes) -> bytes:
        for form in self._forms:
            text = text.replace(form, MASK)
        return text

    def _open_end(self, text: bytes) -> int:
        """The length of the longest end of ``text`` with which a form begins."""
        return max((_overlap(text, form) for form in self._forms), default=0)


def _overlap(text: bytes, form: bytes) -> int:
    for size in range(min(len(text), len(form) - 1), 0, -1):
        if text.endswith(form[:size]):
            return size
    return 0
