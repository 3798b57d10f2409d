"""From the table of a provider's file to a Provider."""

from collections.abc import Sequence

from keybound.catalogue.provider import Dependence, Life, Page, Provider, Request, TokenKind, Variables
from keybound.domain.profile.shapes import Table, as_table, texts_of
from keybound.domain.values.readings import Value


def provider_of(id_: str, table: Table, *, own: bool = False) -> Provider:
    """The provider that a file's table describes, which has the right shape; ``id_`` is the file's name."""
    return Provider(
        id_,
        str(table["name"]),
        tuple(texts_of(table.get("hosts", []))),
        tuple(_kind(id_, as_table(("token",), one)) for one in _rows(table.get("token"))),
        _variables(table),
        _page(table),
        _life(table),
        tuple(_dependence(as_table(("depends",), one)) for one in _rows(table.get("depends"))),
        _request(table, "probe"),
        _request(table, "revoke"),
        own,
    )


def _kind(provider: str, table: Table) -> TokenKind:
    length = table["length"]
    shortest, longest = length if isinstance(length, list | tuple) else (length, length)
    assert isinstance(shortest, int)  # checked by its shape
    assert isinstance(longest, int)
    return TokenKind(
        provider,
        str(table["name"]),
        tuple(texts_of(table.get("prefixes", []))),
        str(table["pattern"]),
        shortest,
        longest,
        _text(table, "checksum"),
        tuple(word.lower() for word in texts_of(table.get("context", []))),
        _text(table, "use"),
        tuple(texts_of(table["env"])) if "env" in table else None,
        _sources(table),
    )


def _variables(table: Table) -> Variables | None:
    part = as_table(("variables",), table.get("variables", {}))
    return Variables(tuple(texts_of(part["names"])), _sources(part)) if part else None


def _page(table: Table) -> Page | None:
    part = as_table(("page",), table.get("page", {}))
    return Page(str(part["make"]), _text(part, "revoke"), _sources(part)) if part else None


def _life(table: Table) -> Life | None:
    part = as_table(("life",), table.get("life", {}))
    return Life(str(part["words"]), _sources(part)) if part else None


def _dependence(table: Table) -> Dependence:
    return Dependence(
        str(table["key"]),
        str(table["rule"]),
        tuple(texts_of(table.get("only", []))),
        table.get("certain") is True,
        str(table["why"]),
        _sources(table),
    )


def _request(table: Table, name: str) -> Request | None:
    part = as_table((name,), table.get(name, {}))
    if not part:
        return None
    return Request(
        _text(part, "method") or "GET",
        str(part["url"]),
        tuple(texts_of(part.get("header", []))),
        _text(part, "body"),
        _text(part, "identity"),
        _text(part, "scopes"),
        _text(part, "expires"),
        _sources(part),
        _text(part, "alive"),
        tuple(texts_of(part.get("dead", []))),
        tuple(texts_of(part.get("prefixes", []))),
        _text(part, "sign"),
        tuple(texts_of(part.get("elsewhere", []))),
    )


def _text(table: Table, name: str) -> str | None:
    value = table.get(name)
    return value if isinstance(value, str) else None


def _sources(table: Table) -> tuple[str, ...]:
    return tuple(texts_of(table.get("source", [])))


def _rows(value: Value) -> Sequence[Value]:
    return value if isinstance(value, list | tuple) else ()
