"""Let a library that speaks HTTP through httpx2 send its requests by our client, with its limits."""

import httpx2

from keybound.domain.text.secret import Secret, expose_secret
from keybound.remote.client import exchange
from keybound.remote.http import HttpFault, HttpRequest, Network

_OURS = frozenset({"host", "connection", "content-length", "accept-encoding", "user-agent"})


class NoAnswerError(Exception):
    """There was no answer. It holds why, in words, and nothing of the request."""

    def __init__(self, fault: HttpFault) -> None:
        super().__init__(fault.why)
        self.fault = fault


class BoundedTransport(httpx2.BaseTransport):
    """Sends each request once, over TLS alone, bounded in time and size. Raises NoAnswerError."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """One request; its answer whatever its status."""
        headers = [(name, Secret(value)) for name, value in request.headers.items() if name.lower() not in _OURS]
        body = request.read()
        found = exchange(
            self._network, HttpRequest(request.method, str(request.url), tuple(headers), Secret(body) if body else None)
        )
        if isinstance(found, HttpFault):
            raise NoAnswerError(found)
        return httpx2.Response(found.status, headers=dict(found.headers), content=expose_secret(found.body))
