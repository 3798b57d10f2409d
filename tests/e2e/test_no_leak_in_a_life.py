"""A whole life with talkative libraries: no secret is in what was printed, nor in any file but the store's."""

import base64
import os
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest

from keybound.custody.context.context import Context
from keybound.custody.envelopes.envelopes import opened, token_item
from keybound.domain.text.secret import Secret, expose_secret
from keybound.domain.values.names import TokenId
from support.oidc import OpenIdServer, openid_server
from support.oidc_login import log_in, write
from support.staging import Run

TALKATIVE = {
    "HTTPX_LOG_LEVEL": "trace",
    "HTTPX2_LOG_LEVEL": "trace",
    "AUTHLIB_INSECURE_TRANSPORT": "1",
    "PYTHONASYNCIODEBUG": "1",
    "PYTHONFAULTHANDLER": "1",
    "PYTHONWARNINGS": "default",
}
# Logs everything, and breaks where it holds the answer, its secrets among the locals.
BREAKING = """
import logging, sys
logging.basicConfig(level=1)
from keybound.custody.rotation import oauth_server
from keybound.cli.main import main

access_of = oauth_server.access_of

def breaking(*given):
    found = access_of(*given)
    raise RuntimeError("broken on purpose")

if sys.argv[1] == "break":
    oauth_server.access_of = breaking
sys.exit(main(sys.argv[2:]))
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenIdServer]:
    with openid_server(tmp_path_factory.mktemp("oidc")) as made:
        yield made


def held(environ: dict[str, str]) -> list[bytes]:
    """The secrets that the store has of the token: its own, and what gets the next one."""
    context = Context(environ, "/")
    item = token_item(TokenId("p", "api"))
    text = context.store.read([item])[item]
    assert isinstance(text, Secret)
    envelope = opened(context, item, text)
    context.close()
    found = [envelope.secret, envelope.oauth.refresh_token if envelope.oauth else None]
    return [expose_secret(one) for one in found if one is not None]


def forms(secret: bytes) -> list[bytes]:
    """As it may stand in a file or an answer."""
    text = secret.decode()
    plain = [secret, base64.b64encode(secret).rstrip(b"="), base64.urlsafe_b64encode(secret).rstrip(b"=")]
    return [*plain, secret.hex().encode(), urllib.parse.quote_plus(text).encode(), text.encode("utf-16-le")]


def talking(environ: dict[str, str], how: str, *words: str) -> bytes:
    command = [sys.executable, "-X", "dev", "-c", BREAKING, how, *words]
    done = subprocess.run(
        command,
        env={**environ, **TALKATIVE},
        capture_output=True,
        check=False,
        timeout=60,
        start_new_session=True,
    )
    return done.stdout + done.stderr


def test_no_secret_is_said_or_written_beside_the_store(
    keybound: Run, environ: dict[str, str], profiles: Path, home: Path, server: OpenIdServer, tmp_path: Path
) -> None:
    environ["SSLKEYLOGFILE"] = str(tmp_path / "keys")
    keybound("init")
    write(profiles, server)
    alerts = home / "alerts.jsonl"
    with (profiles.parent / "config.toml").open("a") as file:
        file.write(f'[[alert]]\nwhen = ["expired", "due", "refresh-failed"]\nto = "file:{alerts}"\n')
    assert log_in(environ, server)[0] == 0
    secrets = held(environ)
    said = [talking(environ, "whole", "refresh", "p/api")]
    secrets += held(environ)
    assert secrets[2] in keybound("env", "p", "--shell", "json").stdout
    said.append(talking(environ, "break", "refresh", "p/api"))
    assert b"broken on purpose" in said[-1] or b"internal" in said[-1]
    for words in (
        ["exec", "p", "--", "true"],
        ["list", "--json"],
        ["show", "p/api", "--json"],
        ["keys"],
        ["docs"],
        ["status"],
        ["probe", "p/api"],
        ["expire", "p/api", "--yes"],
        ["revoke", "p/api", "--yes"],
        ["why", "p/api"],
        ["usage", "--json"],
        ["alerts", "--json"],
        ["alerts", "test"],
        ["log", "--json"],
    ):
        said.append(talking(environ, "whole", *words))
    assert alerts.exists()
    assert not (tmp_path / "keys").exists()
    assert len(set(secrets)) == 4
    needles = [form for secret in secrets for form in forms(secret)]
    assert [answer for answer in said if any(needle in answer for needle in needles)] == []
    files = [Path(place, name) for place, _, names in os.walk(home) for name in names]
    assert len(files) > 5
    assert [path for path in files if any(needle in path.read_bytes() for needle in needles)] == []
