"""What ``add`` takes from the catalogue, said and asked about."""

from collections.abc import Sequence
from datetime import datetime
from shlex import quote

from keybound.catalogue.recognise import Fault, Recognition
from keybound.cli.console.io import agree, confirm, has_terminal
from keybound.cli.console.output import say, warn
from keybound.custody.context.context import Context
from keybound.custody.profiles.library import Library
from keybound.custody.providers.catalogue import read_catalogue
from keybound.custody.recognition.proposal import Offer, propose, variable_of_kind
from keybound.custody.tokens.add import NewDefinition
from keybound.custody.tokens.binding_text import split_bind
from keybound.domain.errors import BadInputError
from keybound.domain.text.secret import Secret
from keybound.domain.values.moments import moment_words
from keybound.domain.values.names import TokenId


def complete(
    context: Context, given: NewDefinition, secret: Secret, *, yes: bool
) -> tuple[NewDefinition, tuple[Offer, ...]]:
    """The definition with what the secret tells, and the bindings that are possible but would be a guess.

    Raises RefusedError where its checksum does not hold and the owner does not go on; BadInputError where a token without a
    name is of no known kind.
    """
    profile = Library(context.home).load(given.id.profile).profile
    catalogue = read_catalogue(context.home)
    for note in catalogue.notes:
        warn(note)
    known = profile.tokens.get(given.id.name)
    near = " ".join((given.id.name, given.kind, *given.env, *(known.env if known else ())))
    told = propose(context, catalogue, profile, secret, near)
    if told.found:
        _say_found(told.found, yes=yes)
    if not given.id.name and not told.found:
        raise BadInputError("the token is of no known kind", hint="Give its name: keybound add NAME --env VARIABLE.")
    kind = given.kind or (known.kind if known and "kind" in known.table else "")
    env = () if given.env or (known and known.env) else told.env or variable_of_kind(catalogue, profile, kind)
    if not (env or given.env or (known and known.env)) and (kind or told.found):
        raise BadInputError("no variable is given, and the catalogue knows none for it", hint="Give --env VARIABLE.")
    if env:
        say(f"  variable  {', '.join(env)}")
    if told.expires:
        say(f"  expires   {moment_words(datetime.fromisoformat(told.expires))} (the token says so)")
    scopes = () if given.scopes or (known and known.scopes) else told.scopes
    if scopes:
        say(f"  scopes    {' '.join(scopes)} (the token says so)")
    fresh = _unbound(told.offers, given, () if known is None else [one.key.text for one in known.bindings])
    taken = _take([one for one in fresh if one.certain], yes=yes)
    new = given._replace(
        id=given.id if given.id.name else TokenId(given.id.profile, told.name),
        env=given.env or env,
        kind=given.kind or ("" if kind else told.kind),
        scopes=given.scopes or scopes,
        binds=(*given.binds, *(one.bind for one in taken)),
    )
    return new, tuple(one for one in fresh if one not in taken)


def _say_found(found: Recognition, *, yes: bool) -> None:
    say(f"{found.provider.name}: {found.kind.name} ({found.words})")
    if found.fault:
        warn(found.fault.words)
    if found.fault is Fault.CHECKSUM:
        confirm("Store it anyway?", yes=yes)


def _unbound(offers: Sequence[Offer], given: NewDefinition, bound: Sequence[str]) -> list[Offer]:
    named = {split_bind(bind)[0] for bind in given.binds} | set(bound)
    return [one for one in offers if one.key not in named]


def _take(offers: Sequence[Offer], *, yes: bool) -> Sequence[Offer]:
    """The bindings that are taken: all with --yes, those that are agreed to at a terminal, else none."""
    if not offers or not (yes or has_terminal()):
        return ()
    for one in offers:
        say(f"  proposed  {one.key} {one.rule}: {one.why}")
    return offers if yes or agree("Bind it so?") else ()


def say_possible(token: TokenId, offers: Sequence[Offer]) -> None:
    """Say what else the token may be bound to, and how."""
    for one in offers:
        key, rules = map(quote, split_bind(one.bind))
        say(f"  not bound to {one.key}, {one.why}. To bind it:")
        say(f"    keybound bind {token} {key} {rules}")
