"""What is known of a provider and its tokens. Each part names where it was read."""

from typing import NamedTuple


class TokenKind(NamedTuple):
    """One kind of token, by its form.

    ``prefixes``: what it begins with; none where ``context`` says which words stand near such a token.
    ``pattern``: its whole form (RE2, without anchors); ``shortest`` and ``longest``: characters that it can have.
    ``checksum``: the name of the rule that its last characters keep. ``use``: "test" or "live", where the form tells.
    ``env``: its own variables, where they are not the provider's; () where no variable is known for it.
    """

    provider: str
    name: str
    prefixes: tuple[str, ...]
    pattern: str
    shortest: int
    longest: int
    checksum: str | None
    context: tuple[str, ...]
    use: str | None
    env: tuple[str, ...] | None
    sources: tuple[str, ...]


class Variables(NamedTuple):
    """The variables that programs read such a token from; ``add`` takes the first."""

    names: tuple[str, ...]
    sources: tuple[str, ...]


class Page(NamedTuple):
    """Where a token is made, and where it is revoked (mostly the same page)."""

    make: str
    revoke: str | None
    sources: tuple[str, ...]


class Life(NamedTuple):
    """How long such a token lives, in a few words."""

    words: str
    sources: tuple[str, ...]


class Dependence(NamedTuple):
    """A key that such a token usually depends on.

    ``rule``: the boundary that its present value becomes. ``only``: hosts of which one must stand in the value, or the key
    says nothing about this token. ``certain``: the token is good for nothing with another value, so it is ticked.
    """

    key: str
    rule: str
    only: tuple[str, ...]
    certain: bool
    why: str
    sources: tuple[str, ...]


class Request(NamedTuple):
    """What to ask a provider. ``headers``: with ``{secret}`` in the one that carries it, where ``body`` does not.

    ``identity``, ``scopes``, ``expires``: where the answer has them: ``body:PATH``, ``header:NAME`` or
    ``xml:TAG``. ``sign``: how the secret signs the request instead of being in it. ``alive``: what must be
    there in a good answer; ``dead``: ``PLACE=TEXT``, which says that the token is no more. ``prefixes``: those of the
    provider's tokens that it is for, () for all. ``elsewhere``: keys that may say that the token is another server's.
    """

    method: str
    url: str
    headers: tuple[str, ...]
    body: str | None
    identity: str | None
    scopes: str | None
    expires: str | None
    sources: tuple[str, ...]
    alive: str | None = None
    dead: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    sign: str | None = None
    elsewhere: tuple[str, ...] = ()


class Provider(NamedTuple):
    """One provider. ``hosts``: where its tokens are sent; ``own``: the user's own entry, not a shipped one."""

    id: str
    name: str
    hosts: tuple[str, ...]
    tokens: tuple[TokenKind, ...]
    variables: Variables | None = None
    page: Page | None = None
    life: Life | None = None
    depends: tuple[Dependence, ...] = ()
    probe: Request | None = None
    revoke: Request | None = None
    own: bool = False


def variables_of(provider: Provider, kind: TokenKind) -> tuple[str, ...]:
    """The variables of a kind of token: its own, else the provider's."""
    return kind.env if kind.env is not None else (provider.variables.names if provider.variables else ())
