"""A real OpenBao server is asked about its tokens, and ends one; TLS before it as such servers have it."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from keybound.custody.context.home import find_home
from support.openbao import OpenBao, openbao
from support.providers import Authority, Provider, Reply, Seen, provider
from support.staging import Run


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenBao]:
    with openbao(tmp_path_factory.mktemp("bao")) as made:
        yield made


@pytest.fixture
def front(server: OpenBao, tmp_path: Path, environ: dict[str, str]) -> Iterator[Provider]:
    """What ends TLS for the server: it hands on every request, and its answer."""
    authority = Authority(tmp_path / "ca")
    home = find_home(environ)
    Path(home.config).mkdir(parents=True, exist_ok=True)
    Path(home.settings).write_text(f'[network]\nca = "{authority.path}"\n')

    def hand_on(seen: Seen) -> Reply:
        headers = {"X-Vault-Token": seen.headers["x-vault-token"]}
        request = urllib.request.Request(
            server.address + seen.path, seen.body or None, headers=headers, method=seen.method
        )
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10) as answer:
                return Reply(answer.read().decode(), answer.status)
        except urllib.error.HTTPError as fault:
            with fault:
                return Reply(fault.read().decode(), fault.code)

    with provider(authority) as made:
        made.answer(hand_on)
        yield made


def add(keybound: Run, front: Provider, secret: str, *more: str) -> None:
    done = keybound(
        "add", "bao", "--env", "BAO_TOKEN", "--kind", "vault", *more, "--yes",
        given=secret.encode(), more={"VAULT_ADDR": front.url},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def shown(keybound: Run, front: Provider) -> dict[str, Any]:
    """Where the variable is that its provider's entry binds it to."""
    return dict(json.loads(keybound("show", "bao", "--json", more={"VAULT_ADDR": front.url}).stdout))


def test_policies_and_the_end_are_told_and_can_be_bound(keybound: Run, front: Provider, server: OpenBao) -> None:
    assert keybound("init").returncode == 0
    add(
        keybound,
        front,
        server.new_token("-ttl=1h", "-policy=default"),
        "--bind",
        'carried.scopes subset_of=["default"]',
    )
    done = keybound("probe", "bao", "--json", more={"VAULT_ADDR": "https://evil.example"})
    (row,) = json.loads(done.stdout)
    assert (row["outcome"], row["identity"], row["scopes"]) == ("ok", "token", ["default"])
    assert row["expires"]
    found = shown(keybound, front)
    assert found["state"] == "warning"  # it ends within an hour
    assert found["expires"] == row["expires"]


def test_a_token_that_may_do_more_expires(keybound: Run, front: Provider, server: OpenBao) -> None:
    assert keybound("init").returncode == 0
    add(
        keybound, front, server.new_token("-policy=default", "-policy=deployers"),
        "--bind", 'carried.scopes subset_of=["default"] outside=expire',
    )  # fmt: skip
    assert keybound("probe", "bao").returncode == 0
    found = shown(keybound, front)
    assert found["state"] == "expired"


def test_it_is_revoked_by_its_own_request(keybound: Run, front: Provider, server: OpenBao) -> None:
    assert keybound("init").returncode == 0
    secret = server.new_token("-ttl=1h")
    add(keybound, front, secret)
    done = keybound("revoke", "bao", "--yes")
    assert done.returncode == 0, done.stderr
    assert server.run("token", "lookup", secret).returncode != 0
    assert shown(keybound, front)["state"] == "expired"


def test_a_token_that_is_gone_is_refused_and_not_expired(keybound: Run, front: Provider, server: OpenBao) -> None:
    """OpenBao answers 403 for it, as for a token of another namespace, which is good."""
    assert keybound("init").returncode == 0
    secret = server.new_token()
    add(keybound, front, secret)
    server.do("token", "revoke", secret)
    done = keybound("probe", "bao", "--json")
    assert (done.returncode, json.loads(done.stdout)[0]["outcome"]) == (1, "refused")
    assert shown(keybound, front)["state"] == "active"
