"""What a token takes from its provider's entry where its owner approves it."""

import json
import re
from functools import partial
from typing import NamedTuple
from urllib.parse import urlsplit

from keybound.catalogue.provider import Provider, Request
from keybound.custody.context.context import Context
from keybound.custody.context.exported import own_environment
from keybound.custody.envelopes.envelopes import fetch, token_item
from keybound.custody.providers.catalogue import find_provider
from keybound.custody.providers.elsewhere import goes_elsewhere
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


_AWS_SECRET, _AWS_KEY_ID = re.compile(rb"[0-9A-Za-z/+]{40}"), re.compile(rb"AKIA[A-Z2-7]{16}")


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
    value_of = partial(_value, context, profile)
    for name, request in ((PROBE, provider.probe), (REVOKE, provider.revoke)):
        if request is None or _has_own_command(token, name) or not _fits(request, envelope.secret):
            continue
        if "{" not in request.url and (other := goes_elsewhere(token, provider, request, value_of)):
            notes.append(f"it is not {name}d at {urlsplit(request.url).hostname}: {other}")
            continue
        url, why = _filled(context, profile, request.url)
        body, more = _filled_body(context, profile, request.body or "")
        sign, most = _filled_body(context, profile, request.sign or "")
        if why := why or more or most:
            before = sealed_request(envelope.requests, name)
            if before is not None and before.template == _template(request):
                found[name] = before.fields()
            else:
                notes.append(f"its provider's {name} request is not approved: {why}")
            continue
        found[name] = _sealed(request, url, body, sign, unsure=_unsure(provider, request)).fields()
    return Taken({KIND: token.kind, **found} if found else {}, tuple(notes))


def keep_requests(context: Context, token: Token, profile: Profile, envelope: Envelope) -> Requests:
    """What was approved before, with the id of the key that signs now; of another kind, or of none, what its entry says.

    An address that a variable tells is never taken here: nobody sees it, and any folder may set the variable.
    """
    if envelope.requests.get(KIND) != token.kind:
        taken = take_requests(context, token, profile, envelope).requests
        plain = {
            name: taken[name] for name in (PROBE, REVOKE) if (one := sealed_request(taken, name)) and _is_plain(one)
        }
        return {KIND: token.kind, **plain} if plain else {}
    found = {name: sealed_request(envelope.requests, name) for name in (PROBE, REVOKE)}
    signing = {
        name: _signed_by_present(context, profile, one).fields() for name, one in found.items() if one and one.sign
    }
    return {**envelope.requests, **signing}


def _is_plain(request: SealedRequest) -> bool:
    return not request.template or bool(request.sign)


def _signed_by_present(context: Context, profile: Profile, request: SealedRequest) -> SealedRequest:
    before = request.sign.split()[-1]
    now = next((_value(context, profile, text) for text in _BODY_PLACE.findall(request.template)), "") or before
    return request._replace(sign=request.sign.replace(before, now), body=request.body.replace(before, now))


def _has_own_command(token: Token, name: str) -> bool:
    way = token.revoke if name == REVOKE else token.probe
    return way is not None and way.command is not None


def _fits(request: Request, secret: Secret | None) -> bool:
    """Whether the request is meant for tokens of this form: others would be refused, though they are good."""
    if request.sign:
        return secret is not None and _AWS_SECRET.fullmatch(expose_secret(secret)) is not None
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
    """The value of a key as it is here; "" where it has none that is a text.

    Of the profile's tokens only the id of an AWS key is ever taken: it is public, and stands in every signature.
    """
    key = parse_key(text)
    for token in profile.tokens.values():
        if key.kind == "env" and key.name in token.env:
            envelope = fetch(context, [token_item(token.id)])[token_item(token.id)].envelope
            id_ = expose_secret(envelope.secret) if envelope and envelope.secret else b""
            return id_.decode() if _AWS_KEY_ID.fullmatch(id_) else ""
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
    return "\n".join([*parts, *(one for one in (request.body, request.sign) if one and _BODY_PLACE.search(one))])


def _unsure(provider: Provider, request: Request) -> bool:
    """Whether the entry does not say for which of its tokens the request is."""
    return not request.prefixes and not request.sign and len(provider.tokens) > 1


def _sealed(request: Request, url: str, body: str, sign: str, *, unsure: bool) -> SealedRequest:
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
        sign,
    )
