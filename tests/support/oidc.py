"""A real OpenID provider of a test alone, on loopback and over TLS: npm's certified oidc-provider."""

import json
import os
import signal
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from support.programs_at_hand import needed, refuse_in_ci
from support.providers import Authority

MODULES = Path(sys.prefix) / "oidc" / "node_modules"
SERVER = Path(__file__).with_name("oidc_server.mjs")


class OpenIdServer:
    """A server at ``issuer`` whose certificate the authority signed. ``life``: of its access tokens, in seconds."""

    def __init__(self, folder: Path, life: int) -> None:
        node = needed("node")
        if not (MODULES / "oidc-provider").is_dir():
            refuse_in_ci("oidc-provider")
            pytest.skip(f"oidc-provider is not installed: npm install --prefix {MODULES.parent} oidc-provider")
        self.authority = Authority(folder)
        self.authority.serving("localhost")
        self._trust = ssl.create_default_context(cafile=str(self.authority.path))
        command = [node, "--no-warnings", str(SERVER), str(MODULES), str(folder / "localhost.pem"), str(life)]
        self._child = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True
        )
        assert self._child.stdout is not None
        self.issuer = self._child.stdout.readline().strip()
        assert self.issuer, "the OpenID server did not start"

    def ask(self, place: str) -> Any:
        """What the test's own door of the server answers."""
        with urllib.request.urlopen(f"{self.issuer}/test/{place}", context=self._trust, timeout=10) as answer:
            return json.load(answer)

    def approve(self, code: str) -> None:
        """What a person does in a browser: enter the code, log in, agree."""
        self.ask(f"approve?code={code}")

    def is_live(self, token: str) -> bool:
        """Whether the server still knows an access token."""
        return bool(self.ask(f"live?token={token}")["live"])

    @property
    def counts(self) -> dict[str, int]:
        """How often it gave a first token, refreshed one, met a refresh token that was used already, and revoked a login."""
        return dict(self.ask("counts"))

    def close(self) -> None:
        """End it."""
        os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()
        if self._child.stdout is not None:
            self._child.stdout.close()


@contextmanager
def openid_server(folder: Path, life: int = 3600) -> Iterator[OpenIdServer]:
    """A server for one test."""
    server = OpenIdServer(folder, life)
    try:
        yield server
    finally:
        server.close()
