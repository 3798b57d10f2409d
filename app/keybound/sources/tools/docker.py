"""``docker:`` keys: the context, and the host that it leads to.

``DOCKER_HOST`` means the context ``default`` and that host; else ``DOCKER_CONTEXT``, else ``currentContext`` in
``config.json`` of ``DOCKER_CONFIG`` (else ``~/.docker``), else ``default`` and the usual socket. A context's host stands
in ``contexts/meta/DIGEST/meta.json``, where the digest is the name's SHA-256.
https://docs.docker.com/engine/manage-resources/contexts/, and ``cli/command/cli.go`` and ``opts/hosts.go`` of docker/cli.
"""

import os
import re
from collections.abc import Mapping

from keybound.domain.text.digests import sha256
from keybound.domain.values.readings import Found, Origin, Value
from keybound.sources.formats.json import parse_json
from keybound.sources.formats.reading import decode
from keybound.sources.parse_fault import ParseError
from keybound.sources.tools.base import Answer, Tool

SOCKET = "unix:///var/run/docker.sock"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]+")
_PORT = 2375


class Docker(Tool):
    """Reads ``docker:`` keys."""

    def _read(self, name: str) -> Answer:
        context, origin = self._context()
        if name == "context":
            return Answer(Found(context), origin)
        return self._default_host() if context == "default" else self._host_of(context, origin)

    def _context(self) -> tuple[str, Origin]:
        if self.variable("DOCKER_HOST"):
            return "default", Origin("DOCKER_HOST")
        if given := self.variable("DOCKER_CONTEXT"):
            return given, Origin("DOCKER_CONTEXT")
        path = os.path.join(self._folder, "config.json")
        current = self._json(path).get("currentContext")
        if current is not None and not isinstance(current, str):
            raise ParseError(f"{path}: currentContext is not a text")
        if not current:
            return "default", Origin()
        before, _, _ = (self.text(path) or "").partition('"currentContext"')
        return current, Origin("", path, before.count("\n") + 1)

    @property
    def _folder(self) -> str:
        given = self.variable("DOCKER_CONFIG")
        return os.path.join(self.caller.cwd, given) if given else os.path.join(self.home, ".docker")

    def _json(self, path: str) -> Mapping[str, Value]:
        content = self.content(path)
        try:
            found = parse_json(decode(content.data)) if content else {}
        except ParseError as fault:
            raise ParseError(f"{path}: {fault}") from None
        if not isinstance(found, Mapping):
            raise ParseError(f"{path}: it is not a table")
        return found

    def _default_host(self) -> Answer:
        given = self.variable("DOCKER_HOST")
        if not given.strip():
            if self.variable("DOCKER_TLS_VERIFY"):
                raise ParseError("DOCKER_TLS_VERIFY is set, and DOCKER_HOST is not")
            return Answer(Found(SOCKET), Origin("DOCKER_HOST") if given else Origin())
        return Answer(Found(_host(given.strip())), Origin("DOCKER_HOST"))

    def _host_of(self, context: str, origin: Origin) -> Answer:
        if not _NAME.fullmatch(context):
            raise ParseError(f"{context!r} is not the name of a context")
        folder = os.path.join(self._folder, "contexts", "meta", sha256(context.encode()).hexdigest())
        path = os.path.join(folder, "meta.json")
        if self.content(path) is None:
            raise ParseError(f"there is no context {context}")
        endpoints = self._json(path).get("Endpoints")
        endpoint = endpoints.get("docker") if isinstance(endpoints, Mapping) else None
        host = endpoint.get("Host") if isinstance(endpoint, Mapping) else None
        if not isinstance(host, str) or not host:
            raise ParseError(f"{path}: the context {context} has no host for docker")
        return Answer(Found(host), Origin(origin.variable, path))


def _host(text: str) -> str:
    """The host as docker completes it. Raises ParseError for one that it refuses."""
    scheme, mark, rest = text.partition("://")
    if not mark:
        scheme, rest = "tcp", text
    if scheme == "unix":
        return f"unix://{rest}" if rest else SOCKET
    if scheme in ("fd", "ssh", "npipe") and mark:
        return text
    found = re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[^:/\[\]]*)(?::(\d+))?(/.*)?", rest)
    if scheme != "tcp" or found is None:
        raise ParseError("DOCKER_HOST is not an address that docker takes")
    return f"tcp://{found[1] or 'localhost'}:{found[2] or _PORT}{found[3] or ''}"
