"""Add a token: define it in the profile, store its secret, seal both."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import NamedTuple

from keybound.custody.context.context import Context
from keybound.custody.envelopes import transaction
from keybound.custody.envelopes.changes import changing
from keybound.custody.envelopes.envelopes import refuse_unread
from keybound.custody.envelopes.transaction import Change
from keybound.custody.evaluation.evaluate import Judged, evaluate
from keybound.custody.profiles.library import Library
from keybound.custody.providers.requests import take_requests
from keybound.custody.tokens.binding import bound_text
from keybound.custody.tokens.binding_text import parse_bind
from keybound.custody.tokens.claims import with_claimed_times
from keybound.custody.tokens.consequences import consequences
from keybound.custody.tokens.edit import save_locked, seal_profile
from keybound.custody.tokens.new_secret import check_given
from keybound.custody.tokens.sealing import known_of, new_envelope, profile_part_changed
from keybound.domain.errors import BadInputError, RefusedError
from keybound.domain.profile.definition import Profile, Token
from keybound.domain.text.secret import Secret
from keybound.domain.values.durations import seconds
from keybound.domain.values.event_kinds import EventKind
from keybound.domain.values.moments import end_moment
from keybound.domain.values.names import TokenId
from keybound.domain.values.readings import Value
from keybound.sources.editing.edit_toml import set_values


class NewDefinition(NamedTuple):
    """What is written into the profile; empty fields are left as the profile has them."""

    id: TokenId
    env: tuple[str, ...] = ()
    kind: str = ""
    scopes: tuple[str, ...] = ()
    ttl: str = ""
    expires: str = ""
    binds: tuple[str, ...] = ()
    release: tuple[str, ...] = ()
    mint: Mapping[str, Value] = {}


class Defined(NamedTuple):
    """A profile's text before and after a definition is written. ``made``: entries of ``[files]`` that come with it."""

    before: str
    text: str
    made: tuple[str, ...] = ()


def define(context: Context, new: NewDefinition) -> Defined:
    """What defining the token makes of its profile's text. Raises NotFoundError, BadInputError."""
    return define_all(context, new.id.profile, [new])


def define_all(context: Context, profile: str, news: Sequence[NewDefinition]) -> Defined:
    """What defining these tokens makes of the profile's text. Raises NotFoundError, BadInputError."""
    library = Library(context.home)
    before = library.page(profile).text
    files = library.load(profile).profile.files
    fields = {keypath: value for new in news for keypath, value in _fields(new).items()}
    text = set_values(before, fields) if fields else before
    made = []
    for new in news:
        for bind in new.binds:
            bound = bound_text(context, new.id, text, files, *parse_bind(bind))
            text, files = bound.text, bound.files
            made += [bound.made] if bound.made else []
    return Defined(before, text, tuple(made))


def _fields(new: NewDefinition) -> dict[tuple[str, ...], Value]:
    path = ("tokens", new.id.name)
    values: dict[tuple[str, ...], Value] = {}
    if new.env:
        values[*path, "env"] = new.env[0] if len(new.env) == 1 else list(new.env)
    if new.kind:
        values[*path, "kind"] = new.kind
    if new.scopes:
        values[*path, "scopes"] = list(new.scopes)
    if new.release:
        values[*path, "release"] = list(new.release)
    for name, value in new.mint.items():
        values[*path, "mint", name] = value
    if new.ttl:
        seconds(new.ttl)
        values[*path, "ttl"] = new.ttl
    if new.expires:
        values[*path, "expires"] = parse_when(new.expires)
    return values


def parse_when(text: str) -> datetime:
    """A moment with its offset: without a zone it is local time, a date alone the end of that day. Raises BadInputError."""
    moment = end_moment(read_when(text))
    if moment is None:
        raise BadInputError(
            f"{text!r} is not a date", hint="Write 2027-01-31, 2027-01-31T18:00 or 2027-01-31T18:00:00Z."
        )
    return moment


def read_when(text: str) -> Value:
    """A date, or a date and time, as it is written; None for neither."""
    for read in (date.fromisoformat, datetime.fromisoformat):
        with suppress(ValueError):
            return read(text)
    return None


def add(context: Context, new: NewDefinition, secret: Secret | None, *, outside: bool = True) -> Judged:
    """Store and seal; return the token as it stands then. ``outside``: also where a reading is not inside its boundary.

    ``secret`` is None for a token that is minted: its signing key is made here.

    Raises RefusedError where a secret is there already, NotFoundError for a missing profile, BadInputError,
    UnavailableError; in each case nothing is changed.
    """
    with changing(context):
        before, text, _ = define(context, new)
        if not outside and (harm := consequences(context, new.id, text)):
            raise RefusedError(harm[0], hint="Nothing was stored.")
        library = Library(context.home, {new.id.profile: text})
        library.load(new.id.profile)  # a definition that does not parse is said with its line
        judged = _one(evaluate(context, [new.id.profile], library).judged, new.id)
        if judged.inputs is None or judged.loaded is None:
            raise BadInputError(f"{new.id} has no definition", hint="Give --env VARIABLE.")
        held = judged.held
        transaction.refuse_waiting(context, str(new.id))
        refuse_unread(held, new.id)
        if held.envelope is not None and not (held.known and held.known.removed):
            raise RefusedError(f"{new.id} already has a secret", hint=_instead(context, new.id))
        check_given(secret, judged.inputs.token)
        change = _stored(context, judged, judged.inputs.token, judged.loaded.profile, secret)
        if text != before:
            save_locked(context, new.id.profile, text, before, carrier=change)
        else:
            transaction.run(context, change)
        return _one(evaluate(context, [new.id.profile]).judged, new.id)


def add_all(
    context: Context, profile: str, news: Sequence[tuple[NewDefinition, Secret]], far: Callable[[int], object]
) -> None:
    """Store and seal new tokens of one profile: its text is written once, with the first of them.

    ``far`` hears how many are stored. After a kill those that are not stored yet are defined, and missing. Raises
    RefusedError, BadInputError where one of them cannot be: nothing is changed then.
    """
    with changing(context):
        before, text, _ = define_all(context, profile, [new for new, _ in news])
        library = Library(context.home, {profile: text})
        library.load(profile)
        judged = {one.id: one for one in evaluate(context, [profile], library).judged}
        changes = [_new_change(context, judged, new, secret) for new, secret in news]
        for number, change in enumerate(changes):
            far(number)
            if number == 0 and text != before:
                save_locked(context, profile, text, before, carrier=change)
            else:
                transaction.run(context, change)


def _new_change(context: Context, judged: Mapping[TokenId, Judged], new: NewDefinition, secret: Secret) -> Change:
    one = judged.get(new.id)
    if one is None or one.inputs is None or one.loaded is None:
        raise BadInputError(f"{new.id} has no definition")
    transaction.refuse_waiting(context, str(new.id))
    refuse_unread(one.held, new.id)
    if one.held.envelope is not None:
        raise RefusedError(f"{new.id} already has a secret")
    check_given(secret, one.inputs.token)
    return _stored(context, one, one.inputs.token, one.loaded.profile, secret)


def _instead(context: Context, token: TokenId) -> str:
    """What to do about a secret that is there: its definition may be gone."""
    if token.name in Library(context.home).load(token.profile).profile.tokens:
        return f"Replace it: keybound refresh {token}"
    return f"Its definition is gone. Restore it: keybound adopt {token}"


def _stored(context: Context, judged: Judged, token: Token, profile: Profile, secret: Secret | None) -> Change:
    """The change that keeps the secret, sealed on what was read."""
    readings = judged.inputs.readings if judged.inputs else {}
    envelope = new_envelope(context, token, profile, secret, readings)
    if secret is not None:
        envelope = with_claimed_times(envelope, secret)
    envelope = envelope._replace(requests=take_requests(context, token, profile, envelope).requests)
    return Change(EventKind.ADDED, str(token.id), put=envelope, known=(known_of(envelope, token, profile, None),))


def _one(judged: Sequence[Judged], token: TokenId) -> Judged:
    for one in judged:
        if one.id == token:
            return one
    raise BadInputError(f"{token} has no definition", hint="Give --env VARIABLE to define it.")


def unsealed_part(context: Context, profile: str) -> tuple[str, ...]:
    """The profile's own parts that are not approved: shown at ``add``, sealed under its question."""
    evaluation = evaluate(context, [profile])
    if profile in evaluation.faults:
        raise evaluation.faults[profile]
    return profile_part_changed(evaluation.loaded[profile].profile, evaluation.seals[profile])


def seal_part(context: Context, profile: str) -> None:
    """Seal the profile's own part."""
    with changing(context):
        evaluation = evaluate(context, [profile])
        seal_profile(context, evaluation.loaded[profile].profile, evaluation.seals[profile])


def find_added(context: Context, token: TokenId) -> Judged:
    """The token as it stands now."""
    return _one(evaluate(context, [token.profile]).judged, token)
