"""What a token takes from its provider's entry where its owner approves it."""

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
        if why:
            before = sealed_request(envelope.requests, name)
            if before is not None and before.template == request.url:
                found[name] = before.fields()
            else:
                notes.append(f"its provider's {name} request is not approved: {why}")
            continue
        found[name] = _sealed(request, url).fields()
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
    key = parse_key(place.group(1))
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
    if not isinstance(reading, Found) or not isinstance(reading.value, str) or not reading.value:
        return "", f"{key.text} has no value here"
    filled = reading.value.rstrip("/") + url[place.end() :]
    return filled, f"{key.text}: {fault}" if (fault := address_fault(filled)) else ""


def _sealed(request: Request, url: str) -> SealedRequest:
    return SealedRequest(
        request.method,
        url,
        request.headers,
        request.body or "",
        request.identity or "",
        request.scopes or "",
        request.expires or "",
        request.alive or "",
        request.dead,
        request.prefixes,
        request.url if url != request.url else "",
    )
