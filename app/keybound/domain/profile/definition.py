"""A profile and its tokens, as declared."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from keybound.domain.rules.base import Rule
from keybound.domain.rules.registry import compares_approved
from keybound.domain.values.keys import Key
from keybound.domain.values.names import TokenId
from keybound.domain.values.readings import Value
from keybound.domain.verdict.states import Reaction, State

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keybound.domain.profile.mint import Mint


class Binding(NamedTuple):
    """A token's dependence on one key. All ``rules`` must hold for a reading to be inside.

    ``grace``: seconds for which an expiry is only a warning.
    """

    key: Key
    rules: tuple[Rule, ...]
    outside: Reaction
    inside: Reaction
    grace: int = 0

    @property
    def keeps_baseline(self) -> bool:
        """Whether the approved reading must be remembered: a rule compares with it, or a move inside warns."""
        return self.inside is Reaction.WARN or any(map(compares_approved, self.rules))


class Command(NamedTuple):
    """A program that a definition names: its arguments, the folder it runs in, seconds before due, and its limit.

    ``inputs``: variables of the caller that it gets. ``multiline``: its output may hold newlines and tabs.
    """

    argv: tuple[str, ...]
    folder: str
    before: int | None = None
    timeout: int = 30
    inputs: tuple[str, ...] = ()
    multiline: bool = False


class OAuth(NamedTuple):
    """Where a new access token is had by OAuth 2.0: the issuer (https), and this client of it, which has no secret.

    ``scopes``: what to ask for at ``keybound login``. ``before``: seconds before the end at which it is due; ``timeout``: of
    one request, in seconds.
    """

    issuer: str
    client_id: str
    scopes: tuple[str, ...] = ()
    before: int | None = None
    timeout: int = 30


class Revocation(NamedTuple):
    """How a secret that is no longer wanted is ended: by a command that gets it, or (None) by its provider's own request.

    ``on_expiry``: an expiry that is recorded ends it too, so that only a refresh brings the token back.
    """

    command: Command | None
    on_expiry: bool = False


class Probe(NamedTuple):
    """How a token's provider is asked about it. ``every``: seconds between two probes, None for by hand only.

    ``command``: a program that asks in its place.
    """

    every: int | None
    command: Command | None


class JwtCheck(NamedTuple):
    """By what a token's signature is verified: the absolute path of a public key (PEM), or of a JWK set; "" for the other."""

    key: str
    jwks: str


class Token(NamedTuple):
    """The effective definition of a token. ``table``: what was written, after ``extends``, for the seal.

    ``ttl`` is in seconds, counted from the last refresh. ``refresh`` and ``oauth``: how it gets a new secret by itself, one of
    them at most. ``overlap``: seconds for which a replaced secret lives on before it is revoked. ``inherited``: no part of it
    stands in the profile's own file. ``mint``: how it is made, where
    its secret is a signing key that never leaves.
    """

    id: TokenId
    env: tuple[str, ...]
    kind: str
    scopes: tuple[str, ...]
    expires: datetime | None
    ttl: int | None
    outside: Reaction
    release: frozenset[str]
    callers: tuple[str, ...]
    refresh: Command | None
    oauth: OAuth | None
    revoke: Revocation | None
    overlap: int
    wipe: bool
    bindings: tuple[Binding, ...]
    inherited: bool
    table: Mapping[str, Value]
    mint: "Mint | None" = None
    probe: Probe | None = None
    jwt: JwtCheck | None = None


class Policy(NamedTuple):
    """A checked policy.toml. ``variables``: what may be exported all the same; ``outside``: the default reaction."""

    table: Mapping[str, Value] = MappingProxyType({})
    variables: frozenset[str] = frozenset()
    outside: Reaction = Reaction.EXPIRE


class Expectation(NamedTuple):
    """One ``[[expect]]``: readings that are supposed, and the states they must lead to."""

    when: Mapping[str, Value]
    then: Mapping[str, State]


class Profile(NamedTuple):
    """The effective profile, after ``extends``. ``files`` are absolute paths, ``formats`` those that are given; ``data`` is
    what profile keys read.

    ``lineage``: this profile's name, its parent's and so on; ``paths``: their files in the same order. ``outside``: the
    policy's reaction where neither a binding nor its token names one.
    """

    name: str
    lineage: tuple[str, ...]
    paths: tuple[str, ...]
    description: str
    data: Mapping[str, Value]
    active_roles: tuple[str, ...]
    grants: Mapping[str, tuple[str, ...]] | None
    env: Mapping[str, str]
    files: Mapping[str, str]
    tokens: Mapping[str, Token]
    expectations: tuple[Expectation, ...]
    outside: Reaction = Reaction.EXPIRE
    formats: Mapping[str, str] = {}

    @property
    def path(self) -> str:
        """The profile's own file."""
        return self.paths[0]

    @property
    def extends(self) -> str:
        """The parent's name, or ""."""
        return self.lineage[1] if len(self.lineage) > 1 else ""
