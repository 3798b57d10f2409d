"""What a provider's answer means: one outcome, and what was heard of the token."""

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import NamedTuple

from keybound.custody.providers.asking import is_good, retry_after, says_dead, told
from keybound.domain.seal.requests import SealedRequest
from keybound.domain.text.sanitize import clean
from keybound.domain.text.secret import Secret, expose_secret
from keybound.domain.values.moments import numeric_date, stamp
from keybound.domain.values.readings import Value
from keybound.remote.http import Fault, HttpFault, HttpResponse

_MOST_SCOPES, _LONGEST_SCOPE, _LONGEST_IDENTITY = 500, 200, 256
_OFFLINE = (Fault.OFFLINE, Fault.LATE, Fault.PROXY, Fault.UNTRUSTED)


class ProbeOutcome(StrEnum):
    """How a probe went."""

    OK = "ok"
    OFFLINE = "offline"
    REFUSED = "refused"  # it may not ask: that says nothing of what it may do else
    LIMITED = "rate-limited"
    REVOKED = "revoked"  # its provider no longer accepts it (401)
    UNCLEAR = "unclear"  # an answer that means none of these


class Heard(NamedTuple):
    """What was said of a token. ``scopes``: None where nothing was said; ``expires``: ISO 8601, "" for never or unsaid."""

    identity: str = ""
    scopes: tuple[str, ...] | None = None
    expires: str = ""


class Answer(NamedTuple):
    """An outcome, why in a line without a secret, and what was heard. ``wait_s``: how long the provider asks to wait."""

    outcome: ProbeOutcome
    why: str = ""
    heard: Heard = Heard()
    wait_s: float | None = None


class NotUnderstoodError(Exception):
    """Part of an answer is not what it should be."""


def answer_of(request: SealedRequest, found: HttpResponse | HttpFault, secret: Secret, now: datetime) -> Answer:
    """What the answer to a probe means."""
    if isinstance(found, HttpFault):
        outcome = ProbeOutcome.OFFLINE if found.fault in _OFFLINE else ProbeOutcome.UNCLEAR
        return Answer(outcome, f"{request.host}: {found.why}")
    if says_dead(request, found):
        return Answer(ProbeOutcome.REVOKED, f"{request.host} no longer accepts it")
    if is_good(request, found):
        return _heard(request, found, secret)
    wait = retry_after(found, now)
    if found.status == 429 or (found.status == 403 and _is_limit(found, wait)):
        return Answer(ProbeOutcome.LIMITED, f"{request.host} asks to wait (status {found.status})", wait_s=wait)
    if found.status in (401, 403):
        return Answer(ProbeOutcome.REFUSED, f"{request.host} refuses to tell it (status {found.status})")
    return Answer(ProbeOutcome.UNCLEAR, f"{request.host} {_unclear(found.status)}", wait_s=wait)


def _is_limit(found: HttpResponse, wait: float | None) -> bool:
    return wait is not None or found.headers.get("x-ratelimit-remaining") == "0"


def _unclear(status: int) -> str:
    if 300 <= status < 400:
        return f"answers with a redirect (status {status}), which is not followed"
    if 200 <= status < 300:
        return "does not say that it is good"
    return f"answers with status {status}"


def _heard(request: SealedRequest, found: HttpResponse, secret: Secret) -> Answer:
    places = (request.identity, request.scopes, request.expires)
    if any(place.startswith("body:") for place in places) and not _is_table(found):
        return Answer(ProbeOutcome.UNCLEAR, f"{request.host} answers with something that is no JSON table")
    identity, scopes, expires = (told(found, place) if place else None for place in places)
    try:
        heard = Heard(identity_of(identity), scopes_of(scopes if scopes != "" else None), expires_of(expires))
        refuse_secret(heard, secret)
    except NotUnderstoodError as fault:
        return Answer(ProbeOutcome.UNCLEAR, f"{request.host}: {fault}")
    return Answer(ProbeOutcome.OK, heard=heard)


def _is_table(found: HttpResponse) -> bool:
    try:
        return found.is_json and isinstance(found.json(), dict)
    except ValueError:
        return False


def identity_of(value: Value) -> str:
    """Who it is: a text or a number. Raises NotUnderstoodError."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int) or len(str(value)) > _LONGEST_IDENTITY:
        raise NotUnderstoodError("the identity in its answer is no short text")
    return clean(str(value))


def scopes_of(value: Value) -> tuple[str, ...] | None:
    """Scopes: a list of texts, or one text with commas or spaces between them. Raises NotUnderstoodError."""
    if value is None:
        return None
    parts = value.replace(",", " ").split() if isinstance(value, str) else value
    if not isinstance(parts, list | tuple) or not all(isinstance(one, str) for one in parts):
        raise NotUnderstoodError("the scopes in its answer are no list of texts")
    scopes = [str(one) for one in parts]
    if len(scopes) > _MOST_SCOPES or not all(0 < len(one) <= _LONGEST_SCOPE and one.isprintable() for one in scopes):
        raise NotUnderstoodError("the scopes in its answer are too many, too long, or not printable")
    return tuple(sorted(set(scopes)))


def expires_of(value: Value) -> str:
    """When it ends, as it is kept: from a text or a number of seconds; a day alone is its beginning in UTC.

    Raises NotUnderstoodError.
    """
    if value is None or value in ("", 0):  # a provider that has no end says so
        return ""
    moment = numeric_date(value) if isinstance(value, int | float) else _moment(str(value))
    if moment is None:
        raise NotUnderstoodError("the expiry in its answer is no time")
    return stamp(moment)


def _moment(text: str) -> datetime | None:
    plain = text.strip().removesuffix(" UTC")
    try:
        if len(plain) == len("2027-01-31"):
            return datetime.combine(date.fromisoformat(plain), datetime.min.time(), UTC)
        moment = datetime.fromisoformat(plain.replace(" +", "+").replace(" -", "-"))
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):  # it may lie before year 1 in UTC
        return None


def refuse_secret(heard: Heard, secret: Secret) -> None:
    """Raise NotUnderstoodError where what was heard holds the secret: it is kept and shown in clear."""
    text = expose_secret(secret).decode("utf-8", "replace")
    if text and any(text in one for one in (heard.identity, *(heard.scopes or ()))):
        raise NotUnderstoodError("its answer holds the secret itself")
