"""AWS, as moto plays it and checks signatures: who a key is, a key that is gone, and a key that ends itself."""

import json
from collections.abc import Iterator

import pytest

from support.asked import every_provider
from support.moto import Aws, aws
from support.providers import Authority, Provider
from support.staging import Run


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture
def server() -> Iterator[Aws]:
    with aws() as made:
        yield made


@pytest.fixture
def internet(keybound: Run, environ: dict[str, str], authority: Authority, server: Aws) -> Iterator[Provider]:
    with every_provider(environ, authority) as made:
        made.answer(server.hand_on)
        assert keybound("init").returncode == 0
        for name, variable, secret in (
            ("key", "AWS_ACCESS_KEY_ID", server.key_id),
            ("secret", "AWS_SECRET_ACCESS_KEY", server.secret),
        ):
            done = keybound("add", name, "--env", variable, "--kind", "aws", given=secret.encode())
            assert done.returncode == 0, done.stderr
        yield made


def test_a_key_says_who_it_is_and_its_secret_is_in_no_request(keybound: Run, internet: Provider, server: Aws) -> None:
    done = keybound("probe", "--json")
    (row,) = json.loads(done.stdout)  # the id of the key is none that could be asked about
    assert (row["id"], row["outcome"]) == ("default/secret", "ok")
    assert row["identity"].endswith(":user/ann")
    (seen,) = internet.seen
    assert (seen.host, internet.connects) == ("sts.amazonaws.com", ["sts.amazonaws.com:443"])
    assert server.secret not in f"{seen}"
    assert f"Credential={server.key_id}/" in seen.headers["authorization"]


def test_a_key_with_another_secret_is_refused(keybound: Run, internet: Provider) -> None:
    assert keybound("refresh", "secret", given=b"x" * 40).returncode == 0
    (row,) = json.loads(keybound("probe", "secret", "--json").stdout)
    assert row["outcome"] == "refused"
    assert json.loads(keybound("show", "secret", "--json").stdout)["state"] == "active"


def test_a_key_ends_itself_and_is_gone_then(keybound: Run, internet: Provider) -> None:
    done = keybound("revoke", "secret", "--yes")
    assert done.returncode == 0, done.stderr
    assert internet.connects == ["iam.amazonaws.com:443"]
    assert keybound("revoke", "--list", "--json").stdout.strip() in (b"[]", b'{"pending": []}')


def test_a_key_that_is_gone_expires(keybound: Run, internet: Provider, server: Aws) -> None:
    other = "AKIA" + "A" * 16
    assert keybound("refresh", "key", given=other.encode()).returncode == 0
    assert keybound("refresh", "secret", given=server.secret.encode()).returncode == 0  # signs by the new id
    (row,) = json.loads(keybound("probe", "secret", "--json").stdout)
    assert row["outcome"] == "revoked"
    assert json.loads(keybound("show", "secret", "--json").stdout)["state"] == "expired"


def test_no_other_token_ever_stands_in_a_request(keybound: Run, internet: Provider, server: Aws) -> None:
    assert keybound("remove", "key", "--yes").returncode == 0
    secret = b"not the id of a key"
    assert keybound("add", "key", "--env", "AWS_ACCESS_KEY_ID", "--kind", "opaque", given=secret).returncode == 0
    assert keybound("remove", "secret", "--yes").returncode == 0
    done = keybound("add", "secret", "--env", "AWS_SECRET_ACCESS_KEY", "--kind", "aws", given=server.secret.encode())
    assert b"env:AWS_ACCESS_KEY_ID has no value here" in done.stderr
    assert secret not in done.stdout + done.stderr
