"""What a token carries: what it says of itself, where it is a JWT, and what its provider last said of it.

A JWT is decoded here and not verified: whether its signature was is noted in the envelope when the secret is stored, so that
no release needs a library for it. What was heard lies in the envelope's ``carried``: ``at``, ``identity``, ``scopes``,
``expires``; ``stale`` where the secret was replaced since; ``signature``: :data:`GOOD`, or what is wrong with it.
"""

from binascii import Error, a2b_base64
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from keybound.domain.profile.definition import Token
from keybound.domain.seal.envelope import Envelope
from keybound.domain.text.compact_json import loads_strictly
from keybound.domain.text.secret import Secret, expose_secret
from keybound.domain.values.keys import CARRIED, Key
from keybound.domain.values.moments import numeric_date
from keybound.domain.values.readings import Absent, Found, Read, Reading, Unreadable, Value
from keybound.domain.values.walk import walk

LONGEST = 65_536  # bytes of a JWT
GOOD = "good"
_DEEPEST = 24
_HEARD = ("identity", "scopes", "expires")
Claims: TypeAlias = Mapping[str, Value]
_SAYS = {"identity": "sub", "issuer": "iss", "audience": "aud", "expires": "exp"}


def carried_readings(token: Token, envelope: Envelope | None) -> dict[str, Read]:
    """A reading for each ``carried`` key that the token is bound to."""
    keys = [binding.key for binding in token.bindings if binding.key.kind == CARRIED]
    if not keys:
        return {}
    claims = claims_of(token, envelope)
    return {key.text: Read(_reading(key, token, envelope, claims)) for key in keys}


def carried_reading(key: Key, token: Token, envelope: Envelope | None) -> Reading:
    """What the token carries for one key."""
    return _reading(key, token, envelope, claims_of(token, envelope))


def carried_scopes(token: Token, envelope: Envelope) -> tuple[str, ...] | None:
    """The scopes that it carries; None where that is not known."""
    reading = carried_reading(Key("carried.scopes", CARRIED, "scopes"), token, envelope)
    if not isinstance(reading, Found) or not isinstance(reading.value, list):
        return None
    return tuple(map(str, reading.value))


def claims_of(token: Token, envelope: Envelope | None) -> Claims | Unreadable:
    """The claims of the token's own secret; why they cannot be had. Where a key is given, only if it verifies them."""
    secret = envelope.secret if envelope else None
    if envelope is None or secret is None:
        return Unreadable("no secret is stored")
    found = jwt_claims(secret)
    signature = str(envelope.carried.get("signature", ""))
    if token.jwt is None or isinstance(found, Unreadable) or signature == GOOD:
        return found
    return Unreadable(f"its signature is not verified: {signature or 'it was never checked'}")


def jwt_claims(secret: Secret) -> Claims | Unreadable:
    """The claims of a JWT, not verified; why there are none."""
    decoded = decode_jwt(secret)
    if isinstance(decoded, Unreadable):
        return decoded
    header, claims = decoded
    if not isinstance(header.get("alg"), str) or str(header["alg"]).lower() == "none":
        return Unreadable("it is a JWT that nobody signed")
    return claims


def decode_jwt(secret: Secret) -> tuple[Claims, Claims] | Unreadable:
    """Header and claims of a JWT, whoever signed it; why there are none."""
    data = expose_secret(secret)
    parts = data.split(b".", 3)
    if len(parts) != 3 or not parts[0].startswith(b"ey"):
        return Unreadable("it is no JWT")
    if len(data) > LONGEST:
        return Unreadable(f"it is a JWT of over {LONGEST >> 10} KiB")
    header, claims = _table(parts[0]), _table(parts[1])
    if header is None or claims is None:
        return Unreadable("it looks like a JWT, and cannot be decoded")
    return header, claims


def _table(part: bytes) -> Claims | None:
    try:
        found = loads_strictly(
            a2b_base64(part.replace(b"-", b"+").replace(b"_", b"/") + b"=" * (-len(part) % 4)).decode()
        )
    except (ValueError, Error, RecursionError):
        return None
    return found if isinstance(found, dict) and _shallow(found, _DEEPEST) else None


def _shallow(value: object, depth: int) -> bool:
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return depth > 0 and all(_shallow(item, depth - 1) for item in items)


def _reading(key: Key, token: Token, envelope: Envelope | None, claims: Claims | Unreadable) -> Reading:
    if key.name in _HEARD and envelope is not None and (heard := _heard(key.name, envelope)) is not None:
        return heard
    if isinstance(claims, Unreadable):
        return _never(key, token, envelope, claims)
    if key.name == "claims":
        return walk(claims, key.path)
    if key.name == "scopes":
        return _claimed_scopes(claims)
    name = _SAYS[key.name]
    if name not in claims:
        return Absent(f"it has no claim {name}")
    return _checked(name, claims[name])


def _heard(name: str, envelope: Envelope) -> Reading | None:
    """What its provider said; None where that is not known, or it was said of another secret."""
    carried = envelope.carried
    if not carried.get("at") or carried.get("stale"):
        return None
    value = carried.get(name)
    if name == "scopes":
        return Found([str(one) for one in value]) if isinstance(value, Sequence) else None
    if not value:
        return None
    return Found(datetime.fromisoformat(str(value)) if name == "expires" else str(value))


def _never(key: Key, token: Token, envelope: Envelope | None, why: Unreadable) -> Reading:
    """Why a key has no reading where the token itself says nothing."""
    if envelope is None or envelope.secret is None or token.jwt is not None or key.name not in _HEARD:
        return why
    if envelope.carried.get("stale"):
        return Unreadable(f"its secret was replaced since it was probed: keybound probe {token.id}")
    if envelope.carried.get("at"):
        return Absent("its provider does not tell it")
    return Unreadable(f"it was never probed: keybound probe {token.id}")


def _claimed_scopes(claims: Claims) -> Reading:
    """RFC 8693, section 4.2 (``scope``, parted by spaces); ``scp`` is Entra's and Okta's."""
    said = claims.get("scope", claims.get("scp"))
    if said is None:
        return Absent("it has no claim scope")
    parts: Sequence[Value] = said.split() if isinstance(said, str) else said if isinstance(said, list) else [None]
    if not all(isinstance(one, str) for one in parts):
        return Unreadable("its claim scope is no text and no list of texts")
    return Found(list(dict.fromkeys(str(one) for one in parts)))


def _checked(name: str, value: Value) -> Reading:
    if name == "exp":
        moment = numeric_date(value)
        return Found(moment) if moment else Unreadable("its claim exp is not a time")
    texts = value if name == "aud" and isinstance(value, list) else [value]
    if not all(isinstance(one, str) for one in texts):
        return Unreadable(f"its claim {name} is not a text")
    return Found(value)
