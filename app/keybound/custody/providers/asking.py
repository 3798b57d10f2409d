"""Send a sealed request with the secret in its place, and find what it tells in the answer."""

import html
import json
from datetime import UTC, datetime
from urllib.parse import quote_plus

from keybound.custody.context.context import Context
from keybound.custody.context.network import network_of
from keybound.custody.providers.aws4 import signed_headers
from keybound.domain.errors import BadInputError
from keybound.domain.seal.requests import SealedRequest
from keybound.domain.text.secret import Secret, expose_secret
from keybound.domain.values.keys import parse_path
from keybound.domain.values.readings import Found, Value
from keybound.domain.values.walk import walk
from keybound.remote.http import Fault, HttpFault, HttpRequest, HttpResponse

_SECRET = "{secret}"  # noqa: S105 - where it goes, not what it is
_FORM = "application/x-www-form-urlencoded"
_LONGEST_WAIT = 86_400.0


def ask(context: Context, request: SealedRequest, secret: Secret) -> HttpResponse | HttpFault:
    """Send it, once, to the host that was approved. Raises BadInputError for a broken config.toml or private CA."""
    from keybound.remote.client import exchange

    text = expose_secret(secret)
    if any(byte < 0x20 or byte > 0x7E for byte in text):
        return HttpFault(Fault.UNSENT, "the secret holds characters that no header can carry")
    if request.prefixes and not text.startswith(tuple(one.encode() for one in request.prefixes)):
        return HttpFault(Fault.UNSENT, f"this request is for tokens that begin with {', '.join(request.prefixes)}")
    return exchange(network_of(context), _filled(request, text.decode()))


def _filled(request: SealedRequest, text: str) -> HttpRequest:
    pairs = [(name.strip(), value.strip()) for name, _, value in (one.partition(":") for one in request.headers)]
    kinds = [value for name, value in pairs if name.lower() == "content-type"]
    if request.body and not kinds:
        pairs.append(("Content-Type", "application/json"))
    in_body = quote_plus(text) if kinds == [_FORM] else json.dumps(text)[1:-1]
    body = request.body.replace(_SECRET, in_body)
    if request.sign:
        told = signed_headers(
            request.method, request.url, dict(pairs), body.encode(), request.sign, Secret(text), datetime.now(UTC)
        )
        pairs = list(told.items())
    headers = tuple((name, Secret(value.replace(_SECRET, text))) for name, value in pairs)
    return HttpRequest(request.method, request.url, headers, Secret(body) if request.body else None)


def carries_itself(request: SealedRequest) -> bool:
    """Whether the token proves itself with the request, so that a 401 is about the token."""
    return any(_SECRET in header for header in request.headers)


def told(response: HttpResponse, place: str) -> Value:
    """What stands at ``body:PATH``, ``header:NAME`` or ``xml:TAG`` of an answer; None where nothing does."""
    where, _, path = place.partition(":")
    if where == "header":
        return response.headers.get(path.lower())
    if where == "xml":
        return _between(expose_secret(response.body).decode("utf-8", "replace"), path)
    if not response.is_json:
        return None
    try:
        reading = walk(response.json(), parse_path(path))  # type: ignore[arg-type]
    except (ValueError, BadInputError):
        return None
    return reading.value if isinstance(reading, Found) else None


def _between(text: str, tag: str) -> str | None:
    """The text of the first element of that name that holds nothing but text: no parser has to be trusted for that."""
    _, opened, rest = text.partition(f"<{tag}>")
    inside, closed, _ = rest.partition(f"</{tag}>")
    return html.unescape(inside) if opened and closed and "<" not in inside else None


def says_dead(request: SealedRequest, response: HttpResponse) -> bool:
    """Whether the answer says that the token is no more: with 401, or in the words that its provider has for it."""
    if response.status == 401 and carries_itself(request) and not request.unsure:
        return True
    return any(_says(response, one) for one in request.dead)


def _says(response: HttpResponse, telling: str) -> bool:
    place, _, text = telling.partition("=")
    found = told(response, place)
    return found is not None and str(found) == text


def is_good(request: SealedRequest, response: HttpResponse) -> bool:
    """Whether the answer is what was asked for: 2xx, and what a good one has is there, neither false nor empty."""
    return 200 <= response.status < 300 and (not request.alive or bool(told(response, request.alive)))


def retry_after(response: HttpResponse, now: datetime) -> float | None:
    """The seconds that the provider asks to wait (RFC 9110, section 10.2.3), a day at most; None where it says nothing."""
    from email.utils import parsedate_to_datetime

    text = response.headers.get("retry-after", "").strip()
    if text.isdecimal():
        return min(float(text), _LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max((moment - now).total_seconds(), 0.0), _LONGEST_WAIT)
