"""The item in the secret store: one line of printable ASCII that holds secret, seal and sticky state."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from keybound.domain.seal.secret_field import secret_field, secret_in
from keybound.domain.text.compact_json import dumps, loads
from keybound.domain.text.secret import Secret, expose_secret
from keybound.domain.verdict.sticky import Sticky

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keybound.domain.seal.retired import Grant, Retired

FORMAT = 1


class EnvelopeError(Exception):
    """The item is not an envelope that may be used."""


class UnknownFormatError(EnvelopeError):
    """A newer Keybound wrote it."""


class EnvelopeUnreadError(EnvelopeError):
    """It is there, and cannot be read now."""


class Envelope(NamedTuple):
    """One item. Times are ISO 8601 in UTC, "" for none; digests and the key K are hex.

    ``home`` is the config dir. ``incarnation`` is new at each add; epochs compare within it. ``approved``: keyed digests of
    readings. ``programs``: what commands and callers resolved to at sealing. ``time_fault``: what is wrong with the times
    that the secret claims for itself. ``requests`` and ``carried``: see the modules of these names beside this one.
    ``signs``: the algorithm of the signing keys that the secret holds, "" where the secret is the token itself.
    ``retired``: secrets that are still to be revoked; ``oauth``: what gets the next secret. ``env_digest`` and
    ``grants_digest`` are used by the profile's own seal only, which has no secret.
    """

    home: str
    id: str
    part: str
    incarnation: str
    epoch: int
    secret: Secret | None
    sticky: Sticky | None = None
    sealed_at: str = ""
    refreshed_at: str = ""
    expires_at: str = ""
    not_before: str = ""
    digest: str = ""
    key: str = ""
    approved: Mapping[str, str] = {}
    anchor_length: int = 0
    anchor_head: str = ""
    env_digest: str = ""
    grants_digest: str = ""
    programs: Mapping[str, Sequence[str]] = {}
    time_fault: str = ""
    requests: Mapping[str, object] = {}
    signs: str = ""
    retired: "tuple[Retired, ...]" = ()
    oauth: "Grant | None" = None
    carried: Mapping[str, object] = {}


_TEXTS = tuple(
    place
    for place, name in enumerate(Envelope._fields)
    if name == "incarnation" or Envelope._field_defaults.get(name) == ""
)


def encode_envelope(envelope: Envelope) -> Secret:
    """One line; ``secret_b64`` where the secret is not UTF-8."""
    fields = {"format": FORMAT, **envelope._asdict()}
    del fields["secret"]
    if envelope.sticky is not None:
        fields["sticky"] = envelope.sticky.fields()
    if envelope.secret is not None:
        fields.update(secret_field(envelope.secret))
    if envelope.oauth is not None:
        fields["oauth"] = envelope.oauth.fields()
    fields["retired"] = [one.fields() for one in envelope.retired]
    slim = {name: value for name, value in fields.items() if value not in ("", None, {}, [])}
    return Secret(dumps(slim))


def decode_envelope(text: Secret, home: str, id_: str, part: str) -> Envelope:
    """Read an envelope; raise EnvelopeError where it is not the one asked for, UnknownFormatError where it is too new."""
    fields = _fields(text)
    if fields.pop("format", None) != FORMAT:
        raise UnknownFormatError("its envelope was written by a newer Keybound")
    for name, wanted in (("home", home), ("id", id_), ("part", part)):
        if fields.get(name) != wanted and not (name == "home" and _one_path(str(fields.get(name)), home)):
            raise EnvelopeError(f"the store holds another {name}'s envelope in its place")
    secret, beside = _secrets(fields)
    try:
        sticky = fields.pop("sticky", None)
        envelope = Envelope(secret=secret, sticky=Sticky(**sticky) if sticky else None, **beside, **fields)
    except TypeError:
        raise UnknownFormatError("its envelope has fields that this version does not know") from None
    if not _sound(envelope):
        raise EnvelopeError("its envelope is damaged")
    return envelope


def _one_path(one: str, other: str) -> bool:
    """Whether two paths differ by ``//`` and ``/./`` alone: a home was once kept as its variable spelled it."""
    steps = [[step for step in path.split("/") if step not in ("", ".")] for path in (one, other)]
    return steps[0] == steps[1]


def _sound(envelope: Envelope) -> bool:
    """Whether texts, numbers, times, the key and the tables are such."""
    sticky = envelope.sticky
    texts = [envelope[place] for place in _TEXTS] + ([*sticky[:-1]] if sticky else [])
    if not (envelope.incarnation and all(type(text) is str for text in texts)):
        return False
    times = [envelope.sealed_at, envelope.refreshed_at, envelope.expires_at, envelope.not_before]
    times += [sticky.at] if sticky else []
    try:
        zoned = all(datetime.fromisoformat(text).tzinfo for text in times if text)
        bytes.fromhex(envelope.key)
    except (ValueError, TypeError):
        return False
    numbers = all(type(one) is int for one in (envelope.epoch, envelope.anchor_length, sticky.line if sticky else 0))
    tables = (envelope.approved, envelope.programs, envelope.requests, envelope.carried)
    return zoned and numbers and all(isinstance(one, dict) for one in tables)


def _fields(text: Secret) -> dict[str, Any]:
    try:
        fields = loads(expose_secret(text).decode("ascii"))
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        raise EnvelopeError("its envelope is damaged")
    return fields


def _secrets(fields: dict[str, Any]) -> tuple[Secret | None, dict[str, Any]]:
    """Take out the secret, and what holds secrets beside it."""
    try:
        return secret_in(fields), _beside(fields) if "retired" in fields or "oauth" in fields else {}
    except (ValueError, TypeError, KeyError, AttributeError):
        raise EnvelopeError("its envelope is damaged") from None


def _beside(fields: dict[str, Any]) -> dict[str, Any]:
    from keybound.domain.seal.retired import grant_of, retired_of  # few tokens have any

    oauth = fields.pop("oauth", None)
    retired = tuple(map(retired_of, fields.pop("retired", ())))
    return {"retired": retired, "oauth": grant_of(oauth) if oauth else None}
