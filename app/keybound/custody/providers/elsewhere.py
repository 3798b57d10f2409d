"""Whether a token is meant for another server than its provider's own: its secret is none of that provider's business.

A token of a company's own GitLab looks like one of gitlab.com.
"""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from keybound.catalogue.provider import Provider, Request
from keybound.domain.profile.definition import Token
from keybound.domain.rules.registry import literal_of


def goes_elsewhere(token: Token, provider: Provider, request: Request, value_of: Callable[[str], str]) -> str:
    """Which key says that it is another server, and which; "" where none does. ``value_of``: a key's value here, or "".

    Asked are the token's own boundaries, and the keys by which tools choose the server.
    """
    keys = [*(part.key for part in provider.depends if part.certain), *request.elsewhere]
    own = {urlsplit(request.url).hostname or "", *provider.hosts}
    for key in keys:
        for value in (*_bound(token, key), value_of(key)):
            host = _host(value)
            if host and not any(host == one or host.endswith(f".{one}") for one in own):
                return f"{key} is {host}"
    return ""


def _bound(token: Token, key: str) -> Iterator[str]:
    for binding in token.bindings:
        literal = literal_of(binding.rules) if binding.key.text == key else None
        if isinstance(literal, str):
            yield literal


def _host(value: str) -> str:
    """The host of an address or of a bare host name; "" for what is neither."""
    try:
        host = urlsplit(value if "://" in value else f"https://{value}").hostname or ""
    except ValueError:
        return ""
    return host.lower() if "." in host or host == "localhost" else ""
