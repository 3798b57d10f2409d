"""The HTTPS client: httpx2 with the system's trust, the usual proxies, limits of time and size, and no redirects.

httpx2 takes some 100 ms to import, so it is imported where a request is made. It and httpcore2 log what they send: they are
silenced first.
"""

import logging
import ssl
import time
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

from keybound.domain.text.secret import Secret, expose_secret
from keybound.remote.http import Fault, HttpFault, HttpRequest, HttpResponse, Network, address_fault
from keybound.remote.trust import tls_context

if TYPE_CHECKING:
    import socket


_LOGGERS = ("httpx2", "httpcore2")
_CHUNK = 1 << 14


def client_options(network: Network) -> dict[str, Any]:
    """What an ``httpx2.Client``, or a class made from it, is built with. Raises BadInputError for a CA that cannot be used."""
    import httpx2

    for name in _LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    return {
        "verify": tls_context(network.ca),
        "trust_env": True,  # proxies; trust is ours
        "timeout": httpx2.Timeout(network.whole_s, connect=network.connect_s),
        "follow_redirects": False,
        "headers": {"User-Agent": "keybound", "Accept": "application/json", "Accept-Encoding": "identity"},
    }


def exchange(network: Network, request: HttpRequest) -> HttpResponse | HttpFault:
    """Send the request once and return its answer, or why there is none. Raises BadInputError for a CA that cannot be used.

    It takes ``whole_s`` seconds at most, name look-up included; what is then still going on is cut off.
    """
    if fault := address_fault(request.url):
        return HttpFault(Fault.ADDRESS, fault, sent=False)
    options = client_options(network)
    one = _Exchange(network, request, options)
    worker = Thread(target=one.run, daemon=True)  # a name look-up has no time limit of its own
    worker.start()
    worker.join(network.whole_s)
    return one.outcome or one.give_up()


class _Exchange:
    """One request in a thread of its own, which can be cut off."""

    def __init__(self, network: Network, request: HttpRequest, options: dict[str, Any]) -> None:
        self._network, self._request, self._options = network, request, options
        self._until = time.monotonic() + network.whole_s
        self._lock, self._given_up = Lock(), False
        self._sockets: list[socket.socket] = []
        self.outcome: HttpResponse | HttpFault | None = None

    def run(self) -> None:
        """Send and receive. Nothing is raised: exceptions of the library hold the request."""
        try:
            self.outcome = self._send()
        except Exception as error:
            self.outcome = _told(error)

    def give_up(self) -> HttpFault:
        """Cut off what goes on."""
        import socket

        with self._lock:
            self._given_up = True
            for one in self._sockets:
                try:
                    one.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
        return _late(self._network)

    def _send(self) -> HttpResponse | HttpFault:
        import httpx2

        request, network = self._request, self._network
        with (
            httpx2.Client(**self._options) as client,
            client.stream(
                request.method,
                request.url,
                headers=[(name, expose_secret(value).decode("latin-1")) for name, value in request.headers],
                content=expose_secret(request.body) if request.body is not None else None,
                extensions={"trace": self._trace},
            ) as response,
        ):
            if response.headers.get("content-encoding", "identity").lower() != "identity":
                return HttpFault(Fault.GARBLED, "its answer is compressed, though that was not asked for")
            body = b""
            for part in response.iter_raw(_CHUNK):
                body += part
                if len(body) > network.most_bytes:
                    return HttpFault(Fault.TOO_BIG, f"its answer is over {network.most_bytes >> 10} KiB")
                if time.monotonic() > self._until:
                    return _late(network)
            headers = {name.lower(): value for name, value in response.headers.items()}
            return HttpResponse(response.status_code, headers, Secret(body))

    def _trace(self, event: str, info: dict[str, Any]) -> None:
        if event != "connection.connect_tcp.complete":
            return
        with self._lock:
            if self._given_up:
                raise TimeoutError
            self._sockets.append(info["return_value"].get_extra_info("socket"))


def _late(network: Network) -> HttpFault:
    return HttpFault(Fault.LATE, f"no answer within {network.whole_s:g} s")


def _told(error: Exception) -> HttpFault:
    """What an exception means, in words that hold nothing of the request."""
    import httpx2

    if refusal := _certificate(error):
        return HttpFault(Fault.UNTRUSTED, f"its certificate is not trusted: {refusal}", sent=False)
    if isinstance(error, httpx2.ConnectTimeout):
        return HttpFault(Fault.LATE, "no answer in time", sent=False)
    if isinstance(error, httpx2.TimeoutException | TimeoutError):
        return HttpFault(Fault.LATE, "no answer in time")
    if isinstance(error, httpx2.ProxyError | ImportError):
        return HttpFault(Fault.PROXY, "the proxy that the environment names cannot be used", sent=False)
    if isinstance(error, httpx2.ConnectError):
        return HttpFault(Fault.OFFLINE, "it cannot be reached", sent=False)
    if isinstance(error, httpx2.RemoteProtocolError | httpx2.DecodingError):
        return HttpFault(Fault.GARBLED, "it broke off, or does not speak HTTP")
    if isinstance(error, httpx2.TransportError):
        return HttpFault(Fault.OFFLINE, "the connection broke")
    if isinstance(error, ValueError | httpx2.InvalidURL):  # the request's own address was looked at before
        return HttpFault(Fault.PROXY, "the proxy that the environment names is not an address", sent=False)
    return HttpFault(Fault.GARBLED, type(error).__name__)


def _certificate(error: BaseException | None) -> str:
    """Why a certificate was refused, in OpenSSL's words; "" where that is not what happened."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return str(error.verify_message)
        error = error.__cause__ or error.__context__
    return ""
