"""How a token of kind ``minted`` is made: ``mint = { alg, ttl, issuer, audience, subject, claims }``."""

import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from keybound.domain.profile.shapes import (
    At,
    Choice,
    Fields,
    Json,
    Span,
    Table,
    TableError,
    Text,
    Texts,
    as_table,
    texts_of,
)
from keybound.domain.text.compact_json import dumps
from keybound.domain.values.durations import seconds
from keybound.domain.values.readings import Value

KIND = "minted"
ALGS = ("EdDSA", "Ed25519", "ES256", "RS256", "HS256")
SHORTEST, LONGEST = 30, 86_400  # seconds that a token may be good for
RESERVED = ("iss", "sub", "aud", "exp", "nbf", "iat", "jti", "keybound")  # claims that Keybound makes itself
_MOST_CHARACTERS = 4096  # of all claims, before places are filled
_GREATEST = 2**53 - 1  # a greater number is another one to many readers of JSON


class Mint(NamedTuple):
    """What the tokens say that are signed at each release. ``ttl`` is in seconds; texts have places ``{key}``."""

    alg: str
    ttl: int
    issuer: str
    audience: tuple[str, ...]
    subject: str
    claims: Mapping[str, Value]

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every text with its place below ``mint``."""
        yield from (("issuer", self.issuer), ("subject", self.subject), *(("audience", one) for one in self.audience))
        yield from _texts_in("claims", self.claims)


def _texts_in(place: str, value: Value) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from _texts_in(f"{place}.{name}", item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts_in(place, item)


class Lifetime:
    """How long a minted token is good for."""

    def check(self, at: At, value: Value) -> None:
        """It is a span within the limits."""
        Span().check(at, value)
        if not SHORTEST <= seconds(str(value)) <= LONGEST:
            raise TableError(at, f"{value} is not between 30s and 24h", "A new token is signed at each release.")

    def schema(self) -> Json:
        """A string of that form."""
        return Span().schema()


class Claims:
    """Claims beside those that Keybound makes itself."""

    def check(self, at: At, value: Value) -> None:
        """Their names are free, and JSON can hold their values."""
        claims = as_table(at, value)
        for name, item in claims.items():
            if name in RESERVED:
                raise TableError([*at, name], f"{name} is a claim that Keybound makes itself", _instead(name))
            _check_json((*at, name), item)
        if len(dumps(claims)) > _MOST_CHARACTERS:
            raise TableError(at, f"the claims are too long (over {_MOST_CHARACTERS} characters)")

    def schema(self) -> Json:
        """An object without the reserved names."""
        return {"type": "object", "propertyNames": {"not": {"enum": list(RESERVED)}}}


def _instead(name: str) -> str:
    fields = {"iss": "issuer", "sub": "subject", "aud": "audience", "exp": "ttl"}
    return f"Write mint.{fields[name]}." if name in fields else ""


def _check_json(at: At, value: Value) -> None:
    if isinstance(value, Mapping):
        for name, item in value.items():
            _check_json((*at, name), item)
    elif isinstance(value, list | tuple):
        for item in value:
            _check_json(at, item)
    elif isinstance(value, float) and not math.isfinite(value):
        raise TableError(at, f"JSON has no number {value}")
    elif isinstance(value, int) and abs(value) > _GREATEST:
        raise TableError(at, f"{value} is too large for a number in JSON", "Write it in quotes.")
    elif not isinstance(value, str | bool | int | float):
        raise TableError(at, "a claim is text, a number, true or false, a list or a table", "Write a date in quotes.")


MINT = Fields(
    {
        "alg": Choice("an algorithm that Keybound signs by", ALGS),
        "ttl": Lifetime(),
        "issuer": Text(),
        "audience": Texts(bare=True),
        "subject": Text(),
        "claims": Claims(),
    },
    words="a fresh JWT, signed at each release by a key that never leaves the store",
)


def read_mint(at: At, kind: str, table: Table, default_subject: str) -> Mint | None:
    """What an effective definition says of minting, None where its kind is another. Raises TableError."""
    if (kind == KIND) != ("mint" in table):
        what = 'mint is missing: say what kind = "minted" makes' if kind == KIND else 'mint needs kind = "minted"'
        raise TableError(at, what, 'For example mint = { ttl = "15m", audience = "https://deploy.example.com" }.')
    if kind != KIND:
        return None
    for name in ("probe", "jwt"):
        if name in table:
            raise TableError([*at, name], f"a minted token has no {name}", "Keybound signs it itself: keybound verify.")
    for name in ("refresh", "revoke", "overlap"):
        if name in table:
            raise TableError(
                [*at, name], f"a minted token has no {name}", "Its signing key is rotated by keybound refresh."
            )
    mint = as_table((*at, "mint"), table["mint"])
    audience = tuple(texts_of(mint.get("audience")))
    if "ttl" not in mint or not any(audience):
        lost = "audience" if "ttl" in mint else "ttl"
        raise TableError([*at, "mint"], f"{lost} is missing", "A token says how long it is good, and for whom.")
    return Mint(
        alg=str(mint.get("alg", ALGS[0])),
        ttl=seconds(str(mint["ttl"])),
        issuer=str(mint.get("issuer", "")),
        audience=audience,
        subject=str(mint.get("subject", default_subject)),
        claims=as_table((*at, "mint", "claims"), mint.get("claims", {})),
    )
