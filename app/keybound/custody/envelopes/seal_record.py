"""A seal that follows the text it is for, noted so that it can be made after a kill.

The note holds no secret and no key. It is believed only where its MAC was made with the key of the envelope that it is for:
who can write into the state folder, and not open the store, cannot have anything sealed.
"""

from typing import NamedTuple

from keybound.domain.seal.envelope import Envelope, EnvelopeError, decode_envelope, encode_envelope
from keybound.domain.seal.next_key import next_key
from keybound.domain.text.compact_json import dumps
from keybound.domain.text.digests import compare_digest, hmac_sha256
from keybound.domain.text.secret import Secret, expose_secret


class SealRecord(NamedTuple):
    """``before``: the epoch of the envelope that is sealed anew; ``text``: what the next one holds beside secrets and key."""

    id: str
    part: str
    incarnation: str
    before: int
    epoch: int
    text: str
    mac: str


def seal_record(before: Envelope, after: Envelope) -> SealRecord | None:
    """The note; None where there is none to be had: the secrets change too, or ``before`` has no key."""
    if not before.key or after.key != _key_after(before, after) or _secrets(before) != _secrets(after):
        return None
    text = expose_secret(encode_envelope(after._replace(secret=None, retired=(), oauth=None, key=""))).decode()
    place = (after.id, after.part, after.incarnation, before.epoch, after.epoch, text)
    return SealRecord(*place, _mac(before, place))


def is_made(found: Envelope, record: SealRecord) -> bool:
    """Whether this is the envelope that the note asks for."""
    return (found.incarnation, found.epoch) == (record.incarnation, record.epoch)


def sealed_by(found: Envelope, record: SealRecord) -> Envelope | None:
    """The next envelope after ``found``; None where the note is not for this one, or not to be believed."""
    if (found.incarnation, found.epoch) != (record.incarnation, record.before) or not found.key:
        return None
    if not compare_digest(record.mac, _mac(found, record[:-1])):
        return None
    try:
        after = decode_envelope(Secret(record.text), found.home, record.id, record.part)
    except EnvelopeError:
        return None
    return after._replace(secret=found.secret, retired=found.retired, oauth=found.oauth, key=_key_after(found, after))


def _secrets(envelope: Envelope) -> tuple[object, ...]:
    return (envelope.secret, envelope.retired, envelope.oauth)


def _key_after(before: Envelope, after: Envelope) -> str:
    return next_key(before.key, after.epoch, after.digest + after.env_digest + after.grants_digest)


def _mac(envelope: Envelope, place: tuple[object, ...]) -> str:
    return hmac_sha256(bytes.fromhex(envelope.key), b"seal after a text " + dumps(list(place)).encode()).hex()
