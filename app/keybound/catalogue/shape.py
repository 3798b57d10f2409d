"""What a provider's file may hold. What is wrong is said with its key."""

import re
from urllib.parse import urlsplit

from keybound.catalogue.checksums import CHECKSUMS
from keybound.catalogue.patterns import compiled
from keybound.domain.errors import BadInputError
from keybound.domain.profile.schema import key_fault
from keybound.domain.profile.shapes import (
    At,
    Choice,
    Fields,
    Json,
    Switch,
    Table,
    TableError,
    Tables,
    Text,
    Texts,
    as_table,
    texts_of,
)
from keybound.domain.values.keys import parse_key
from keybound.domain.values.names import is_name
from keybound.domain.values.readings import Value
from keybound.domain.values.variables import variable_fault

RULES = ("equals", "url_host", "unchanged")  # what a present value can become
SHORTEST_PREFIX = 2
_LONGEST = 65_536
_ANCHORS = re.compile(r"(?:^|[^\\\[])(?:\\\\)*(?:\^|\$)|\\[AzbB]")


class _Pattern:
    """A pattern of linear time, without anchors."""

    def check(self, at: At, value: Value) -> None:
        """It compiles, and matches something."""
        Text().check(at, value)
        try:
            found = compiled(str(value))
        except ValueError as fault:
            raise TableError(
                at, f"not a pattern (RE2): {fault}", "Back references and lookarounds are not known."
            ) from None
        if found.fullmatch("") is not None:
            raise TableError(at, "the pattern matches the empty text")
        if _ANCHORS.search(str(value)):
            raise TableError(
                at, "the pattern has an anchor (^ $ \\b)", "Leave it out: the whole token is matched anyway."
            )

    def schema(self) -> Json:
        """A string."""
        return Text().schema()


class _Length:
    """A number of characters, or the least and the most."""

    def check(self, at: At, value: Value) -> None:
        """One or two whole numbers, in order."""
        numbers = value if isinstance(value, list | tuple) else [value, value]
        whole = [number for number in numbers if isinstance(number, int) and not isinstance(number, bool)]
        if len(numbers) != 2 or len(whole) != 2 or not 0 < whole[0] <= whole[1] <= _LONGEST:
            raise TableError(at, "must be a number of characters, or [least, most]", "For example 40, or [36, 40].")

    def schema(self) -> Json:
        """A number or two."""
        return {"type": ["integer", "array"]}


def _no_host(value: Value) -> bool:
    try:
        return not urlsplit(str(value)).hostname
    except ValueError:
        return True


class _Url:
    """An address over TLS, or one of this very machine."""

    def check(self, at: At, value: Value) -> None:
        """It begins with https:// and has a host."""
        Text().check(at, value)
        if not re.match(r"https://[^\s/@]+(?:/|$)|http://(?:localhost|127\.0\.0\.1)[:/]", str(value)) or _no_host(
            value
        ):
            raise TableError(at, "must be an address that begins with https://")

    def schema(self) -> Json:
        """A string."""
        return Text().schema()


class _Key:
    """A key that can be bound."""

    def check(self, at: At, value: Value) -> None:
        """It is a text; a key of a kind that this version does not know is skipped when it is proposed."""
        Text().check(at, value)
        try:
            parse_key(str(value))
        except BadInputError as error:
            if ":" not in str(value):
                raise TableError(at, error.what, error.hint) from None

    def schema(self) -> Json:
        """A string."""
        return Text().schema()


class _Variables:
    """Names of variables that may be set."""

    def check(self, at: At, value: Value) -> None:
        """Each may be exported."""
        Texts(bare=True).check(at, value)
        for name in texts_of(value):
            if fault := variable_fault(name):
                raise TableError(at, fault)

    def schema(self) -> Json:
        """A string or strings."""
        return Texts(bare=True).schema()


class _Place:
    """Where an answer has something."""

    def check(self, at: At, value: Value) -> None:
        """``body:PATH`` or ``header:NAME``."""
        Text().check(at, value)
        if not re.fullmatch(r"(?:body|header|xml):\S+", str(value)):
            raise TableError(
                at, "must be body:PATH, header:NAME or xml:TAG", "For example body:login, header:x-oauth-scopes."
            )

    def schema(self) -> Json:
        """A string."""
        return Text().schema()


class _Telling:
    """A place in an answer, and the text in it that tells."""

    def check(self, at: At, value: Value) -> None:
        """``body:PATH=TEXT`` or ``header:NAME=TEXT``."""
        place, equals, text = str(value).partition("=")
        _Place().check(at, place)
        if not equals or not text:
            raise TableError(at, "must be PLACE=TEXT", "For example body:error=token_revoked.")

    def schema(self) -> Json:
        """A string."""
        return Text().schema()


class _Signing:
    """How a secret signs a request."""

    def check(self, at: At, value: Value) -> None:
        """``aws4 SERVICE REGION {env:VAR}``: the variable has the id of the key."""
        Text().check(at, value)
        if not re.fullmatch(r"aws4 [a-z0-9-]+ [a-z0-9-]+ \{env:[A-Z_]+\}", str(value)):
            raise TableError(at, "must be: aws4 SERVICE REGION {env:VARIABLE}")

    def schema(self) -> Json:
        """A string."""
        return Text().schema()


class _Address:
    """Where a request goes: a URL, or a key whose value is the server's (``{env:VAULT_ADDR}/v1/…``)."""

    def check(self, at: At, value: Value) -> None:
        """A URL over TLS, or a key in braces that may be bound, and a path."""
        Text().check(at, value)
        server = re.match(r"\{([^{}]+)\}/", str(value))
        if server is None:
            _Url().check(at, value)
        else:
            key_fault((*at,), server.group(1))

    def schema(self) -> Json:
        """A string."""
        return Text().schema()


_SOURCE = {"source": Texts(bare=True)}
_REQUEST = Fields(
    {
        "method": Choice("a method", ("GET", "POST", "PUT", "DELETE")),
        "url": _Address(),
        "header": Texts(bare=True),
        "body": Text(),
        "identity": _Place(),
        "scopes": _Place(),
        "expires": _Place(),
        "alive": _Place(),
        "dead": Texts(_Telling(), bare=True),
        "prefixes": Texts(bare=True),
        "sign": _Signing(),
        "elsewhere": Texts(_Key(), bare=True),
        **_SOURCE,
    },
    needed=("url",),
)
_TOKEN_FIELDS = Fields(
    {
        "name": Text(),
        "prefixes": Texts(bare=True),
        "pattern": _Pattern(),
        "length": _Length(),
        "checksum": Choice("a checksum that Keybound knows", tuple(CHECKSUMS)),
        "context": Texts(bare=True),
        "use": Choice("a use", ("test", "live")),
        "env": _Variables(),
        **_SOURCE,
    },
    needed=("name", "pattern", "length"),
)


class _Token:
    """One kind of token."""

    def check(self, at: At, value: Value) -> None:
        """Its fields; and it can be told by its beginning, or by what stands near it."""
        _TOKEN_FIELDS.check(at, value)
        prefixes = texts_of(as_table(at, value).get("prefixes", []))
        if not prefixes and not texts_of(as_table(at, value).get("context", [])):
            raise TableError(at, "prefixes is missing", "A token without one needs context: words that stand near it.")
        for prefix in prefixes:
            if len(prefix) < SHORTEST_PREFIX or not prefix.isascii():
                raise TableError((*at, "prefixes"), f"the prefix {prefix!r} is too short, or not ASCII")

    def schema(self) -> Json:
        """A table."""
        return _TOKEN_FIELDS.schema()


_DEPENDS = Fields(
    {
        "key": _Key(),
        "rule": Choice("a rule that a present value can become", RULES),
        "only": Texts(bare=True),
        "certain": Switch(),
        "why": Text(),
        **_SOURCE,
    },
    needed=("key", "rule", "why"),
)
PROVIDER = Fields(
    {
        "name": Text(),
        "hosts": Texts(bare=True),
        "token": Tables(_Token()),
        "variables": Fields({"names": _Variables(), **_SOURCE}, ("names",)),
        "page": Fields({"make": _Url(), "revoke": _Url(), **_SOURCE}, ("make",)),
        "life": Fields({"words": Text(), **_SOURCE}, ("words",)),
        "depends": Tables(_DEPENDS),
        "probe": _REQUEST,
        "revoke": _REQUEST,
    },
    needed=("name", "token"),
)


def check_provider(id_: str, table: Table) -> None:
    """Raise TableError at the first key that is unknown or has a wrong value. ``id_``: the file's name, without ``.toml``."""
    if not is_name(id_):
        raise TableError([], f"{id_!r} is not a valid provider name (a-z 0-9 . _ -)", "Rename the file.")
    PROVIDER.check((), table)
