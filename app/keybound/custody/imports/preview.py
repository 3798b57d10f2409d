"""What an import would take, as which tokens, and what it would leave: before anything is stored."""

import os
import re
from collections.abc import Collection, Iterator, Sequence
from hashlib import sha256
from hmac import digest
from typing import NamedTuple

from keybound.catalogue.recognise import Fault, Recognition, Sure
from keybound.custody.context.context import Context
from keybound.custody.envelopes.changes import complete_unfinished
from keybound.custody.envelopes.envelopes import fetch, token_item
from keybound.custody.imports.source import ImportSource
from keybound.custody.profiles.library import Library
from keybound.custody.providers.catalogue import Catalogue
from keybound.custody.recognition.proposal import propose
from keybound.custody.scan.finder import Finder
from keybound.custody.tokens.add import NewDefinition
from keybound.custody.tokens.new_secret import check_secret
from keybound.domain.errors import BadInputError
from keybound.domain.profile.definition import Profile
from keybound.domain.text.secret import Secret, expose_secret
from keybound.domain.values.names import TokenId, is_name
from keybound.domain.values.variables import variable_fault
from keybound.sources.plain.base import as_variable
from keybound.sources.plain.reading import LocatedSecret

_OPAQUE = "opaque"
_TO_HELPERS = ("exec", "copy", "reveal")  # a helper's answer is a release to a command


class Candidate(NamedTuple):
    """One secret of a source.

    ``new``: the token that it would become, or one that is defined and has no secret; ``variable``: of that token.
    ``found``: what it is recognised as. ``left``: why it would not be taken, "" where it would; ``doubtful``: it would be taken
    if somebody asked for it. ``stored``: the id of a token that has this very secret already, or would have it.
    """

    source: ImportSource
    located: LocatedSecret
    new: NewDefinition
    variable: str
    found: Recognition | None = None
    left: str = ""
    doubtful: bool = False
    stored: str = ""

    @property
    def label(self) -> str:
        """What the source calls it."""
        return ".".join(self.located.found.keys)


def preview(
    context: Context,
    catalogue: Catalogue,
    sources: Sequence[ImportSource],
    profile: str,
    only: Sequence[str] = (),
    also: Collection[LocatedSecret] = (),
) -> list[Candidate]:
    """Every secret of the sources, in their order. ``only``: labels or variables; these are taken whatever they look like, and
    no others. ``also``: secrets that are taken whatever they look like, too.

    Raises NotFoundError for a missing profile, BadInputError for one of ``only`` that is not there, UnavailableError.
    """
    complete_unfinished(context)
    late = {id(one) for one in also}  # they take no name that another was shown with
    work = _Preview(context, catalogue, profile, only, late)
    pairs = [(source, one) for source in sources for one in source.secrets]
    made = {id(one): work.candidate(source, one) for source, one in sorted(pairs, key=lambda pair: id(pair[1]) in late)}
    found = [made[id(one)] for _, one in pairs]
    known = {name for one in found for name in (one.label, one.variable)}
    if missing := sorted(set(only) - known):
        raise BadInputError(f"nothing is called {missing[0]} there", hint="See what is there: --dry-run")
    return found


class _Preview:
    def __init__(
        self,
        context: Context,
        catalogue: Catalogue,
        profile: str,
        only: Sequence[str],
        also: Collection[int],
    ) -> None:
        self._context = context
        self._catalogue = catalogue
        self._profile: Profile = Library(context.home).load(profile).profile
        self._only = set(only)
        self._also = also
        self._names = set(self._profile.tokens)
        self._variables = _exported(self._profile)
        self._finder = Finder(catalogue.recogniser)
        self._key = os.urandom(32)
        stored = self._stored_secrets()
        self._id_of = {self._digest(secret): id_ for id_, secret in reversed(stored.items())}
        self._variable_of = {
            f"{profile}/{name}": token.env[0] for name, token in self._profile.tokens.items() if token.env
        }
        self._without_secret = {
            variable: name
            for name, token in self._profile.tokens.items()
            for variable in token.env
            if f"{profile}/{name}" not in stored
        }

    def candidate(self, source: ImportSource, located: LocatedSecret) -> Candidate:
        """What would become of one secret; its name and variable are taken from then on."""
        secret, label = located.found.secret, ".".join(located.found.keys)
        variable = source.variable(located.found)
        near = f"{label} {variable} {located.found.host} {located.found.provider}"
        told = propose(self._context, self._catalogue, self._profile, secret, near)
        found = told.found if told.found and told.found.fault is not Fault.LENGTH else None
        variable = variable or next(iter(told.env), "") or as_variable(located.found.host or label, "token")
        if not source.named and variable_fault(variable):  # made of a host that begins like git's own, say
            variable = f"TOKEN_{variable}"
        empty = Candidate(source, located, NewDefinition(TokenId(self._profile.name, "")), variable, found)
        if stored := self._id_of.get(self._digest(secret), ""):
            return empty._replace(left=f"the same as {stored}", stored=stored, variable=self._variable_of[stored])
        if self._only and not self._only & {label, variable}:
            return empty._replace(left="not asked for")
        if waiting := self._without_secret.pop(variable, ""):
            return empty._replace(new=NewDefinition(TokenId(self._profile.name, waiting)))
        if left := self._why_not(source, located, variable):
            return empty._replace(left=left)
        asked = bool(self._only) or id(located) in self._also
        if not asked and (left := self._why_doubtful(source, located, found, variable)):
            return empty._replace(left=left, doubtful=True)
        variable = self._free_variable(variable, located)
        kind = located.found.provider or (told.kind if found and found.sure is not Sure.GUESS else "") or _OPAQUE
        name = self._free_name(_name_for(kind, located, label))
        id_ = f"{self._profile.name}/{name}"
        self._names.add(name)
        self._variables.setdefault(variable, id_)
        self._id_of[self._digest(secret)], self._variable_of[id_] = id_, variable
        binds = tuple(one.bind for one in told.offers if one.certain and kind == told.kind)
        new = NewDefinition(
            TokenId(self._profile.name, name), (variable,), kind, told.scopes, expires=told.expires, binds=binds,
            release=_TO_HELPERS if source.helped else (),
        )  # fmt: skip
        return Candidate(source, located, new, variable, found)

    def _why_not(self, source: ImportSource, located: LocatedSecret, variable: str) -> str:
        """Why it cannot be taken, or ""."""
        if bad := variable_fault(variable):
            return bad
        try:
            check_secret(located.found.secret, [variable])
        except BadInputError as fault:
            return fault.what
        if variable in self._variables and source.named:
            return f"{self._variables[variable]} sets {variable} already"
        return ""

    def _why_doubtful(
        self, source: ImportSource, located: LocatedSecret, found: Recognition | None, variable: str
    ) -> str:
        """Why it is not taken unasked, or ""."""
        if located.found.bare:
            return "its tool reads no variable, so it would not find it any more"
        if source.certain or located.found.certain or self._tells(located, variable):
            return ""
        if found and found.fault:
            return "its checksum does not hold: it is mistyped or cut"
        return "neither its name nor its form says that it is a secret"

    def _tells(self, located: LocatedSecret, variable: str) -> bool:
        text = b"=".join((variable.encode(), expose_secret(located.found.secret)))
        return any(one.fault is None for one in self._finder.find(text))

    def _free_variable(self, variable: str, located: LocatedSecret) -> str:
        if variable not in self._variables:
            return variable
        longer = as_variable(variable, located.found.host or located.found.user or located.found.keys[0])
        return next(name for name in _numbered(longer, "_") if name not in self._variables)

    def _free_name(self, text: str) -> str:
        name = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:56] or "token"
        name = name if is_name(name) else f"t-{name}"
        return next(one for one in _numbered(name, "-") if one not in self._names)

    def _digest(self, secret: Secret) -> bytes:
        """By which equal secrets are found among thousands."""
        return digest(self._key, expose_secret(secret), sha256)

    def _stored_secrets(self) -> dict[str, Secret]:
        items = [token_item(TokenId(self._profile.name, name)) for name in self._profile.tokens]
        held = fetch(self._context, items) if items else {}
        envelopes = {f"{item.profile}/{item.name}": one.envelope for item, one in held.items()}
        return {id_: one.secret for id_, one in envelopes.items() if one is not None and one.secret is not None}


def _name_for(kind: str, located: LocatedSecret, label: str) -> str:
    """Called after its provider, or as the file calls it where that says more."""
    last = located.found.keys[-1]
    if kind == _OPAQUE:
        return located.found.host or label
    return last if last.startswith(f"{kind}_") else kind


def _exported(profile: Profile) -> dict[str, str]:
    tokens = {variable: f"{profile.name}/{name}" for name, token in profile.tokens.items() for variable in token.env}
    return tokens | dict.fromkeys(profile.env, f"[env] of {profile.name}")


def _numbered(name: str, between: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        yield f"{name}{between}{number}"
        number += 1
