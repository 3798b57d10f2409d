"""What a token takes from its provider's entry where its owner approves it."""

import json
import re
from typing import NamedTuple

from keybound.catalogue.provider import Request
from keybound.custody.context.context import Context
from keybound.custody.context.exported import own_environment
from keybound.custody.providers.catalogue import find_provider
from keybound.domain.errors import BadInputError
from keybound.domain.profile.definition import Profile, Token
from keybound.domain.seal.envelope import Envelope
from keybound.domain.seal.requests import KIND, PROBE, REVOKE, Requests, SealedRequest, sealed_request
from keybound.domain.text.secret import Secret, expose_secret
from keybound.domain.values.keys import parse_key
from keybound.domain.values.readings import Found, Value
from keybound.remote.http import address_fault
from keybound.sources.files.snapshot import Snapshot
from keybound.sources.reader import read_keys

_PLACE = re.compile(r"\{([^{}]+)\}(?=/)")
_BODY_PLACE = re.compile(r"\{(env:\w+|settings\.[\w.-]+)\}")


class Taken(NamedTuple):
    """The requests to seal. ``notes``: a line for each that cannot be taken now, and why."""

    requests: Requests
    notes: tuple[str, ...] = ()


def take_requests(context: Context, token: Token, profile: Profile, envelope: Envelope) -> Taken:
    """What the entry of the token's kind says now, its places filled in from here.

    A place without a value keeps what was approved before for the same address; an entry that cannot be read, all.
    """
    try:
        provider = find_provider(context.home, token.kind)
    except BadInputError as fault:
        kept = envelope.requests if envelope.requests.get(KIND) == token.kind else {}
        return Taken(kept, (" ".join(str(fault).split()),))
    if provider is None:
        return Taken({})
    found: dict[str, Value] = {}
    notes = []
    for name, request in ((PROBE, provider.probe), (REVOKE, provider.revoke)):
        if request is None or _has_own_command(token, name) or not _fits(request, envelope.secret):
            continue
        url, why = _filled(context, profile, request.url)
        body, more = _filled_body(context, profile, request.body or "")
        if why := why or more:
            before = sealed_request(envelope.requests, name)
            if before is not None and before.template == _template(request):
                found[name] = before.fields()
            else:
                notes.append(f"its provider's {name} request is not approved: {why}")
            continue
        found[name] = _sealed(request, url, body, unsure=not request.prefixes and len(provider.tokens) > 1).fields()
    return Taken({KIND: token.kind, **found} if found else {}, tuple(notes))


def keep_requests(context: Context, token: Token, profile: Profile, envelope: Envelope) -> Requests:
    """What was approved before; of another kind, or of none, what its entry says now."""
    if envelope.requests.get(KIND) == token.kind:
        return envelope.requests
    return take_requests(context, token, profile, envelope).requests


def _has_own_command(token: Token, name: str) -> bool:
    way = token.revoke if name == REVOKE else token.probe
    return way is not None and way.command is not None


def _fits(request: Request, secret: Secret | None) -> bool:
    """Whether the request is meant for tokens of this form: others would be refused, though they are good."""
    return not request.prefixes or (
        secret is not None and expose_secret(secret).startswith(tuple(one.encode() for one in request.prefixes))
    )


def _filled(context: Context, profile: Profile, url: str) -> tuple[str, str]:
    """The address with the value of the key that stands in it, and why it cannot be one, or ""."""
    place = _PLACE.match(url)
    if place is None:
        return url, address_fault(url)
    text = place.group(1)
    value = _value(context, profile, text)
    if not value:
        return "", f"{text} has no value here"
    filled = value.rstrip("/") + url[place.end() :]
    return filled, f"{text}: {fault}" if (fault := address_fault(filled)) else ""


def _value(context: Context, profile: Profile, text: str) -> str:
    """The value of a key as it is here; "" where it has none that is a text."""
    key = parse_key(text)
    caller = context.caller._replace(environ={**own_environment(context.environ), **profile.env})
    reading = read_keys(
        [key],
        profile_data=profile.data,
        profile_path=profile.path,
        profile_changed_ns=None,
        files=profile.files,
        caller=caller,
        snapshot=Snapshot(),
        formats=profile.formats,
    )[key].reading
    return reading.value if isinstance(reading, Found) and isinstance(reading.value, str) else ""


def _filled_body(context: Context, profile: Profile, body: str) -> tuple[str, str]:
    """The body with the values of the keys that stand in it, and why it cannot be made, or ""."""
    for text in dict.fromkeys(_BODY_PLACE.findall(body)):
        value = _value(context, profile, text)
        if not value:
            return "", f"{text} has no value here"
        body = body.replace(f"{{{text}}}", json.dumps(value)[1:-1])
    return body, ""


def _template(request: Request) -> str:
    """What of a request a key's value is put into; "" where nothing is."""
    parts = [request.url] if _PLACE.match(request.url) else []
    return "\n".join([*parts, *([request.body] if request.body and _BODY_PLACE.search(request.body) else [])])


def _sealed(request: Request, url: str, body: str, *, unsure: bool) -> SealedRequest:
    return SealedRequest(
        request.method,
        url,
        request.headers,
        body,
        request.identity or "",
        request.scopes or "",
        request.expires or "",
        request.alive or "",
        request.dead,
        request.prefixes,
        _template(request),
        unsure,
    )
