"""Providers on this machine: a CA of their own, servers over TLS, and a proxy that leads any host to one of them."""

import contextlib
import datetime
import json
import os
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Reply(NamedTuple):
    """What a server answers. ``body``: a text, or what becomes JSON."""

    body: object = ""
    status: int = 200
    headers: Mapping[str, str] = {}
    kind: str = "application/json"


class Seen(NamedTuple):
    """A request as it came in."""

    method: str
    host: str
    path: str
    headers: Mapping[str, str]
    body: bytes


Answering = Callable[[Seen], "Reply | str"]  # a text names what goes wrong: see _Handler.fail


class Authority:
    """A CA that nobody trusts, unless ``path`` is named to them."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._key = folder, ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Keybound's tests")])
        basic = x509.BasicConstraints(ca=True, path_length=None)
        self._root = _built(name, name, self._key.public_key()).add_extension(basic, critical=True)
        self._signed = self._root.sign(self._key, hashes.SHA256())
        self.path = folder / "ca.pem"
        self.path.write_bytes(self._signed.public_bytes(serialization.Encoding.PEM))

    def serving(self, *names: str) -> ssl.SSLContext:
        """A server's context with a certificate for these names."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:60])])
        others = x509.SubjectAlternativeName([x509.DNSName(one) for one in names])
        signed = (
            _built(subject, self._signed.subject, key.public_key())
            .add_extension(others, critical=False)
            .sign(self._key, hashes.SHA256())
        )
        file = self._folder / f"{names[0]}.pem"
        file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + signed.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context


def _built(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    day = datetime.timedelta(days=1)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
    )


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "_Server"
    through = ""  # the host that a proxy was asked for

    def do_CONNECT(self) -> None:
        """As a proxy: answer for the host that is asked for, over TLS."""
        self.server.connects.append(self.path)
        self.send_response_only(200)
        self.end_headers()
        self.wfile.flush()
        name = self.path.partition(":")[0]
        with contextlib.suppress(OSError):
            self.connection = self.server.authority.serving(name).wrap_socket(self.connection, server_side=True)
            self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb")
            self.through = name
            self.handle_one_request()
            self.wfile.close()
            self.rfile.close()
            self.connection.close()
        self.close_connection = True

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        host = self.through or headers.get("host", "")
        seen = Seen(self.command, host, self.path, headers, self.rfile.read(length))
        self.server.seen.append(seen)
        reply = self.server.answering(seen)
        with contextlib.suppress(OSError):
            self._fail(reply) if isinstance(reply, str) else self._say(reply)

    do_GET = do_POST = do_PUT = do_DELETE = _answer

    def _say(self, reply: Reply) -> None:
        text = reply.body if isinstance(reply.body, str) else json.dumps(reply.body)
        self.send_response(reply.status)
        for name, value in {"Content-Type": reply.kind, **reply.headers}.items():
            self.send_header(name, value)
        data = text.encode()
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
        self.wfile.flush()

    def _fail(self, how: str) -> None:
        self.close_connection = True
        if how == "hang":
            self.server.over.wait(20)
        elif how == "drip":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Slow: ")
            for _ in range(400):
                self.wfile.write(b"x")
                self.wfile.flush()
                if self.server.over.wait(0.05):
                    break
        elif how == "reset":
            linger = b"\1\0\0\0\0\0\0\0"
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            os.close(self.connection.detach())
        elif how == "garble":
            self.wfile.write(b"SSH-2.0-OpenSSH_9.6\r\n")
        elif how == "big":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
            for _ in range(160):
                self.wfile.write(b" " * 65_536)
        else:
            raise ValueError(how)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nothing is printed."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    authority: Authority
    answering: Answering

    def __init__(self, tls: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.seen: list[Seen] = []
        self.connects: list[str] = []
        self.over = threading.Event()
        self._tls = tls

    def get_request(self) -> tuple[socket.socket, Any]:
        one, address = super().get_request()
        if self._tls is not None:
            one = self._tls.wrap_socket(one, server_side=True, do_handshake_on_connect=False)
        return one, address

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is what some tests are about."""


class Provider:
    """A server that runs. ``seen``: the requests that came; ``answering`` may be changed."""

    def __init__(self, server: _Server) -> None:
        self._server = server
        self.seen, self.connects = server.seen, server.connects
        self.port: int = server.server_address[1]

    @property
    def url(self) -> str:
        """Its own address."""
        return f"https://localhost:{self.port}"

    def answer(self, answering: "Answering | Reply | str") -> None:
        """From now on answer so."""
        self._server.answering = (
            answering if callable(answering) and not isinstance(answering, Reply) else (lambda _: answering)
        )


@contextlib.contextmanager
def provider(authority: Authority, *names: str) -> Iterator[Provider]:
    """A server over TLS with a certificate for ``names`` (else localhost)."""
    with _running(_Server(authority.serving(*(names or ("localhost",)))), authority) as made:
        yield made


@contextlib.contextmanager
def proxy(authority: Authority) -> Iterator[Provider]:
    """A proxy that is every host itself: what goes through it to a provider is answered here."""
    with _running(_Server(None), authority) as made:
        yield made


@contextlib.contextmanager
def _running(server: _Server, authority: Authority) -> Iterator[Provider]:
    server.authority, server.answering = authority, lambda _: Reply({})
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield Provider(server)
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
