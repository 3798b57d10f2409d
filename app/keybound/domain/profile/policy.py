"""What policy.toml may hold, and which tokens break it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from keybound.domain.profile.definition import Policy, Profile, Token
from keybound.domain.profile.schema import REACTION, WAYS_OUT
from keybound.domain.profile.shapes import Entries, Fields, Only, Span, Switch, Table, Text, Texts, as_table, texts_of
from keybound.domain.values.durations import seconds, words
from keybound.domain.values.readings import Value
from keybound.domain.values.scopes import permits
from keybound.domain.verdict.states import REACTIONS, WAYS, Reaction

POLICY = Fields(
    {
        "schema": Only(1),
        "variables": Texts(),
        "outside": REACTION,
        "owners_required": Switch(),
        "kinds": Entries(
            Fields(
                {"longest_ttl": Span(), "scopes_declared": Switch(), "bound_to": Texts(), "forbidden_scopes": Texts()}
            )
        ),
        "profiles": Entries(
            Fields(
                {
                    "forbidden_scopes": Texts(),
                    "least_reaction": REACTION,
                    "release": WAYS_OUT,
                    "owners": Texts(Text()),
                }
            )
        ),
    },
    words="rules that every profile of this home must keep",
)


class Violation(NamedTuple):
    """A rule that is broken: its name, the token ("" for the profile), what, and where in the profile it is written.

    ``written``: where the rule stands in policy.toml.
    """

    rule: str
    profile: str
    token: str
    what: str
    keypath: tuple[str, ...]
    written: tuple[str, ...]


def policy_of(table: Table) -> Policy:
    """Check a policy's table. Raises TableError."""
    POLICY.check((), table)
    return Policy(
        table, frozenset(texts_of(table.get("variables", ()))), REACTIONS[str(table.get("outside", "expire"))]
    )


def owners_of(policy: Policy, profile: str) -> tuple[str, ...]:
    """Who answers for a profile."""
    every = (one for _, rules in _for(policy, "profiles", profile) for one in _list(rules, "owners"))
    return tuple(dict.fromkeys(every))


def violations(policy: Policy, profile: Profile, now: datetime) -> list[Violation]:
    """Every rule that the profile breaks. ``now`` is what a fixed end is counted from."""
    found = []
    if policy.table.get("owners_required") is True and profile.tokens and not owners_of(policy, profile.name):
        owners = ("owners_required",)
        found.append(Violation("owners_required", profile.name, "", "it has no owner", ("tokens",), owners))
    for token in profile.tokens.values():
        found += broken_by(policy, token, now)
    return found


def broken_by(policy: Policy, token: Token, now: datetime) -> list[Violation]:
    """Every rule that one token breaks."""
    profile, name = token.id.profile, token.id.name
    found = []
    for pattern, rules in _for(policy, "kinds", token.kind):
        for rule, what, keypath in (*_by_kind(rules, token, now), *_forbidden(rules, token)):
            place = ("tokens", name, *keypath)
            found.append(Violation(rule, profile, name, what, place, ("kinds", pattern, rule)))
    for pattern, rules in _for(policy, "profiles", profile):
        for rule, what, keypath in (*_forbidden(rules, token), *_by_profile(rules, token)):
            place = ("tokens", name, *keypath)
            found.append(Violation(rule, profile, name, what, place, ("profiles", pattern, rule)))
    return found


def forbidden_ways(policy: Policy, profile: str) -> dict[str, tuple[str, ...]]:
    """The ways by which nothing of this profile may leave, and where in policy.toml that stands."""
    found: dict[str, tuple[str, ...]] = {}
    for pattern, rules in _for(policy, "profiles", profile):
        if "release" in rules:
            for way in sorted(WAYS - set(_list(rules, "release"))):
                found.setdefault(way, ("profiles", pattern, "release"))
    return found


_Broken = tuple[str, str, tuple[str, ...]]


def _by_kind(rules: Table, token: Token, now: datetime) -> Iterator[_Broken]:
    if "longest_ttl" in rules:
        yield from _too_long(seconds(str(rules["longest_ttl"])), token, now)
    if rules.get("scopes_declared") is True and not token.scopes:
        yield "scopes_declared", f"a token of kind {token.kind} must declare its scopes", ()
    bound = {binding.key.text for binding in token.bindings}
    for key in _list(rules, "bound_to"):
        if not any(permits(key, one) for one in bound):
            yield "bound_to", f"a token of kind {token.kind} must be bound to {key}", ("bound",)


def _too_long(longest: int, token: Token, now: datetime) -> Iterator[_Broken]:
    most = f"a token of kind {token.kind} may last at most {words(longest)}"
    if token.mint is not None:  # what is handed over ends by that; its signing key is another matter
        if token.mint.ttl > longest:
            yield "longest_ttl", f"mint.ttl is {words(token.mint.ttl)}, and {most}", ("mint", "ttl")
    elif token.ttl is None and token.expires is None:
        yield "longest_ttl", f"it has neither ttl nor expires, and {most}", ()
    elif token.ttl is not None and token.ttl > longest:
        yield "longest_ttl", f"its ttl is {words(token.ttl)}, and {most}", ("ttl",)
    elif token.expires is not None and (token.expires - now).total_seconds() > longest:
        yield "longest_ttl", f"it expires on {token.expires:%Y-%m-%d}, and {most}", ("expires",)


def _forbidden(rules: Table, token: Token) -> Iterator[_Broken]:
    for pattern in _list(rules, "forbidden_scopes"):
        for scope in token.scopes:
            if permits(pattern, scope) or permits(scope, pattern):
                yield "forbidden_scopes", f"the scope {scope} is forbidden here ({pattern})", ("scopes",)


def _by_profile(rules: Table, token: Token) -> Iterator[_Broken]:
    if "least_reaction" in rules:
        yield from _too_mild(REACTIONS[str(rules["least_reaction"])], token)
    if "release" in rules:
        ways = sorted(token.release - set(_list(rules, "release")))
        if ways:
            yield "release", f"it may not be released by {', '.join(ways)} here", ("release",)


def _too_mild(least: Reaction, token: Token) -> Iterator[_Broken]:
    if token.outside < least:
        yield "least_reaction", f"outside is {token.outside.word}, and must be at least {least.word}", ("outside",)
    for binding in token.bindings:
        wanted = min(least, Reaction.SUSPEND) if binding.key.context else least  # a context key can do no more
        if binding.outside < wanted:
            what = f"the reaction of {binding.key.text} is {binding.outside.word}, and must be at least {wanted.word}"
            yield "least_reaction", what, ("bound", binding.key.text)
        elif binding.grace and wanted > Reaction.WARN:
            yield "least_reaction", f"{binding.key.text} has a grace, which is not allowed", ("bound", binding.key.text)


def _for(policy: Policy, section: str, name: str) -> list[tuple[str, Mapping[str, Value]]]:
    """The tables whose pattern covers ``name``, with it, in the order in which they are written."""
    sections = as_table((section,), policy.table.get(section, {}))
    return [(one, as_table((section, one), rules)) for one, rules in sections.items() if permits(one, name)]


def _list(rules: Table, name: str) -> Sequence[str]:
    return texts_of(rules.get(name, ()))
