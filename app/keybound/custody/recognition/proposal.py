"""What ``add`` takes from the catalogue for a secret: kind, name, variable, scopes, expiry, and what it may be bound to."""

import json
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from keybound.catalogue.provider import Dependence, Provider
from keybound.catalogue.recognise import Recognition
from keybound.custody.context.context import Context
from keybound.custody.providers.catalogue import Catalogue
from keybound.custody.tokens.claims import claimed_time, claims
from keybound.domain.errors import BadInputError
from keybound.domain.profile.definition import Profile
from keybound.domain.rules.base import Rule
from keybound.domain.text.secret import Secret
from keybound.domain.values.keys import Key, parse_key
from keybound.domain.values.readings import Found, Read, Value
from keybound.domain.verdict.wording import looks_secret, rule_words
from keybound.sources.files.snapshot import Snapshot
from keybound.sources.reader import read_keys

_REACTION = "suspend"  # what the catalogue proposes depends on the caller, and comes back


class Offer(NamedTuple):
    """A binding that such a token may have, on its key's present value. ``certain``: it is good for nothing else."""

    key: str
    rule: str  # in words
    bind: str  # as --bind takes it
    why: str
    certain: bool
    outside: str = _REACTION


class Proposal(NamedTuple):
    """What is known of a secret. ``name``: of a token that is not in the profile yet; "" and () where nothing is known.

    ``expires``: when the token itself says that it ends, ISO 8601.
    """

    found: Recognition | None = None
    name: str = ""
    kind: str = ""
    env: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    expires: str = ""
    offers: tuple[Offer, ...] = ()


def propose(context: Context, catalogue: Catalogue, profile: Profile, secret: Secret, near: str = "") -> Proposal:
    """What the catalogue and the secret itself say. ``near``: the token's name, its kind and variables where given."""
    found = next(iter(catalogue.recognise(secret, near)), None)
    if found is None:
        return Proposal()
    told = claims(secret)
    return Proposal(
        found,
        _free_name(profile, found.provider.id),
        found.provider.id,
        _free_variable(profile, found.env),
        _scopes(told),
        claimed_time(told.get("exp")),
        tuple(_offers(context, profile, found.provider)),
    )


def variable_of_kind(catalogue: Catalogue, profile: Profile, kind: str) -> tuple[str, ...]:
    """The variable of a kind that the catalogue knows, whatever the secret looks like."""
    provider = catalogue.recogniser.providers.get(kind)
    return _free_variable(profile, provider.variables.names if provider and provider.variables else ())


def _free_name(profile: Profile, name: str) -> str:
    number, free = 1, name
    while free in profile.tokens:
        number += 1
        free = f"{name}-{number}"
    return free


def _free_variable(profile: Profile, names: tuple[str, ...]) -> tuple[str, ...]:
    """The first that no other token of the profile has; where all are taken, the first: its conflict is then said."""
    taken = {name for token in profile.tokens.values() for name in token.env} | set(profile.env)
    return tuple([name for name in names if name not in taken][:1] or names[:1])


def _scopes(told: Mapping[str, object]) -> tuple[str, ...]:
    """The scopes of a JWT (RFC 8693, section 4.2; ``scp`` is Entra's and Okta's)."""
    said = told.get("scope", told.get("scp", ""))
    parts = said.split() if isinstance(said, str) else said if isinstance(said, list) else []
    return tuple(one for one in parts if isinstance(one, str) and one and one.isprintable())


def _offers(context: Context, profile: Profile, provider: Provider) -> Iterator[Offer]:
    """The keys that such a token depends on and that can be read now, the certain ones first."""
    for part in sorted(provider.depends, key=lambda one: not one.certain):
        try:
            key = parse_key(part.key)
        except BadInputError:  # of a kind that this version does not know
            continue
        reading = _read(context, profile, key).reading
        if isinstance(reading, Found) and (offer := _offer(part, reading.value)):
            yield offer


def _read(context: Context, profile: Profile, key: Key) -> Read:
    return read_keys(
        [key],
        profile_data=profile.data,
        profile_path=profile.path,
        profile_changed_ns=None,
        files=profile.files,
        caller=context.caller,
        snapshot=Snapshot(),
        formats=profile.formats,
    )[key]


def _offer(part: Dependence, value: Value) -> Offer | None:
    """The boundary that the value becomes; None where it says nothing of such a token, or may hold a secret."""
    named = _host(value) or str(value).lower()
    if part.only and not any(named == only or named.endswith(f".{only}") for only in part.only):
        return None
    limit: Value = True if part.rule == "unchanged" else _host(value) if part.rule == "url_host" else value
    if not isinstance(limit, str | bool) or not limit or looks_secret("", str(value)):
        return None
    written = json.dumps(limit, ensure_ascii=False)
    bind = f"{part.key} {part.rule}={limit if part.rule == 'url_host' else written} outside={_REACTION}"
    return Offer(part.key, rule_words(Rule(part.rule, limit)), bind, part.why, part.certain)


def _host(value: Value) -> str:
    """The host of a URL, or of a repository as ssh names it (``git@host:path``); "" where there is none."""
    text = str(value)
    if "://" not in text:
        before, colon, _ = text.partition(":")
        return before.rpartition("@")[2].lower() if colon and "/" not in before else ""
    try:
        return (urlsplit(text).hostname or "").lower()
    except ValueError:
        return ""
