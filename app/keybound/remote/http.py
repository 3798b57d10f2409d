"""One request to one address, and its answer or what went wrong."""

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import urlsplit

from keybound.domain.text.secret import Secret, expose_secret

MOST_BYTES = 1 << 20


class Network(NamedTuple):
    """How providers are reached. ``ca``: a private CA's file or ""; seconds to connect and for all; the longest answer."""

    ca: str = ""
    connect_s: float = 5.0
    whole_s: float = 15.0
    most_bytes: int = MOST_BYTES


class HttpRequest(NamedTuple):
    """One request. What may carry a secret is wrapped, so that no repr shows it."""

    method: str
    url: str
    headers: tuple[tuple[str, Secret], ...] = ()
    body: Secret | None = None


class HttpResponse(NamedTuple):
    """An answer, whatever its status. Header names are small letters; a body may hold secrets."""

    status: int
    headers: Mapping[str, str]
    body: Secret

    def json(self) -> object:
        """The body as JSON. Raises ValueError where it is none, or nested beyond reason."""
        try:
            return json.loads(expose_secret(self.body))
        except RecursionError:
            raise ValueError("nested too deeply") from None

    @property
    def is_json(self) -> bool:
        """Whether it says that it is JSON."""
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        return kind == "application/json" or kind.endswith("+json")


class Fault(StrEnum):
    """Why there is no answer."""

    ADDRESS = "address"  # it is none that a secret may be sent to
    UNSENT = "unsent"  # the secret is none that this request can carry
    OFFLINE = "offline"  # no name, no route, refused, broken off
    LATE = "late"  # not within the time limit
    UNTRUSTED = "untrusted"  # its certificate is not trusted, or another host's
    PROXY = "proxy"  # the proxy of the environment cannot be used
    TOO_BIG = "too big"
    GARBLED = "garbled"  # no HTTP, or encoded though it was not asked for


class HttpFault(NamedTuple):
    """No answer. ``why``: a line for a person, without what was sent; ``sent``: the other side may have acted on it."""

    fault: Fault
    why: str
    sent: bool = True


def address_fault(url: str) -> str:
    """Why no secret may be sent to ``url``: only ``https://`` with a host and without a user; "" where it may."""
    if any(one.isspace() or not one.isprintable() for one in url):
        return "it holds characters that no address has"
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "it is not an address"
    if parts.scheme.lower() != "https":
        return "it does not begin with https://"
    if not host:
        return "it names no host"
    if parts.username is not None or parts.password is not None:
        return "it names a user"
    return ""
