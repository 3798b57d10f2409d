"""jwks, digest and verify; a signing key that is rotated, expired, removed."""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest

from keybound.custody.context.context import Context
from keybound.custody.evaluation.evaluate import evaluate
from keybound.custody.minting.key_set import MARGIN
from keybound.custody.rotation.renew import renew_due
from support.minted import AUDIENCE, edited, furnish_minted, key_set, minted, stored_keys
from support.staging import Run


@pytest.fixture
def path(keybound: Run, profiles: Path) -> Path:
    """The profile with its token."""
    return furnish_minted(keybound, profiles)


def digest(keybound: Run, *more: str) -> str:
    done = keybound("digest", "staging/deploy", *more)
    assert done.returncode == 0, done.stderr
    return str(done.stdout.decode().strip())


def verdict(keybound: Run, token: str, *more: str) -> tuple[int, dict[str, Any]]:
    """The exit status and the answer of ``verify``."""
    done = keybound("verify", *(more or ("staging/deploy",)), "--json", given=f"{token}\n".encode())
    return done.returncode, json.loads(done.stdout)


def config_of(token: str) -> str:
    return str(jwt.decode(token, options={"verify_signature": False})["keybound"]["config"])


def test_a_key_set_lets_others_verify(keybound: Run, path: Path, tmp_path: Path) -> None:
    token, keys = minted(keybound), key_set(keybound)
    assert [sorted(key) for key in keys["keys"]] == [["alg", "crv", "kid", "kty", "use", "x"]]
    found = jwt.decode(token, jwt.PyJWKSet.from_dict(keys)[keys["keys"][0]["kid"]].key, ["EdDSA"], audience=AUDIENCE)
    assert found["keybound"]["config"] == digest(keybound)
    pem = keybound("jwks", "staging", "--pem").stdout
    assert jwt.decode(token, pem, ["EdDSA"], audience=AUDIENCE) == found
    (tmp_path / "jwks.json").write_text(json.dumps(keys))
    words = ("--jwks", "jwks.json", "--audience", AUDIENCE)
    status, told = verdict(
        keybound, token, *words, "--config", digest(keybound), "--issuer", "https://keys.example.com"
    )
    assert (status, told["valid"], told["id"], told["claims"]["region"]) == (0, True, "staging/deploy", "eu-west-1")
    assert verdict(keybound, token, *words, "--config", "0" * 64) == (
        1, {"valid": False, "why": f"it was minted under another configuration: {digest(keybound)}"},
    )  # fmt: skip
    done = keybound("verify", *words, given=token[:-9].encode())
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"keybound: the token is not accepted: " in done.stderr


def test_the_digest_moves_with_a_bound_flag_even_inside_its_boundary(keybound: Run, path: Path, tmp_path: Path) -> None:
    before, token = digest(keybound), minted(keybound)
    assert verdict(keybound, token)[0] == 0
    edited(path, 'region = "eu-west-1"\n', 'region = "eu-west-2"\n')
    after = digest(keybound)
    assert after != before
    assert config_of(minted(keybound)) == after
    status, told = verdict(keybound, token)
    assert (status, told["why"]) == (1, f"it was minted under another configuration: {before}")
    assert verdict(keybound, token, "staging/deploy", "--config", before)[0] == 0
    edited(path, 'region = "eu-west-2"\n', 'region = "eu-west-1"\n')
    assert digest(keybound) == before
    told = json.loads(keybound("digest", "staging/deploy", "--json").stdout)
    assert told == {"id": "staging/deploy", "config": before, "keys": ["flags.beta_writes", "settings.region"]}


def test_the_digest_needs_no_store_and_is_the_same_elsewhere(keybound: Run, path: Path, tmp_path: Path) -> None:
    (tmp_path / "checkout" / "profiles").mkdir(parents=True)
    (tmp_path / "checkout" / "profiles" / "staging.toml").write_text(path.read_text())
    here = digest(keybound)
    (tmp_path / "ci").mkdir()
    empty = {"HOME": str(tmp_path / "ci"), "KEYBOUND_STORE": ""}
    done = keybound("digest", "staging/deploy", "--dir", "checkout", more=empty)
    assert (done.returncode, done.stdout.decode().strip()) == (0, here), done.stderr
    assert not list((tmp_path / "ci").iterdir())
    assert keybound("digest", "staging/none", "--dir", "checkout").returncode == 4


def test_what_cannot_be_read_has_no_digest(keybound: Run, path: Path) -> None:
    edited(path, '"settings.region" =', '"file:conf#a" = { exists = true, outside = "warn" }\n"settings.region" =')
    edited(path, "[flags]", '[files]\nconf = "/etc"\n[flags]')
    done = keybound("digest", "staging/deploy")
    assert done.returncode == 1
    assert b"staging/deploy has no digest: file:conf#a cannot be read" in done.stderr
    assert keybound("approve", "staging/deploy", "--yes").returncode == 0
    done = keybound("exec", "staging", "--", "true")
    assert done.returncode == 1
    assert b"its configuration has no digest" in done.stderr


def test_rotation_overlaps(keybound: Run, path: Path) -> None:
    old, before = minted(keybound), key_set(keybound)["keys"]
    done = keybound("refresh", "staging/deploy")
    assert done.returncode == 0
    new, after = minted(keybound), key_set(keybound)["keys"]
    assert after[1:] == before
    assert after[0]["kid"] in done.stdout.decode()
    assert verdict(keybound, old)[0] == verdict(keybound, new)[0] == 0
    assert jwt.get_unverified_header(new)["kid"] == after[0]["kid"]
    event = json.loads(keybound("log", "--json").stdout.splitlines()[-2])
    assert (event["kind"], event["detail"]["key"]) == ("refreshed", after[0]["kid"])
    assert event["detail"]["retired"] == before[0]["kid"]


def test_a_key_that_is_due_is_rotated_by_a_timer(keybound: Run, path: Path, environ: dict[str, str]) -> None:
    edited(path, 'env = "DEPLOY_TOKEN"\n', 'env = "DEPLOY_TOKEN"\nttl = "1h"\n')
    assert keybound("approve", "staging/deploy", "--yes").returncode == 0
    assert keybound("refresh", "--due").stdout == b""
    before = stored_keys(environ).current.id
    context = Context(environ, environ["HOME"])
    context.clock = lambda: datetime.now(UTC) + timedelta(minutes=55)  # type: ignore[method-assign]
    done = renew_due(context, evaluate(context, ["staging"]).judged, ended=False)
    context.close()
    after = stored_keys(environ)
    assert [one.line for one in done] == [f"staging/deploy has a new signing key: {after.current.id}"]
    assert [key.id for key in after.retired] == [before]


def test_a_retired_key_outlives_the_longest_life_that_was_approved(
    keybound: Run, path: Path, environ: dict[str, str]
) -> None:
    for ttl, before in (("2h", "15m"), ("1m", "2h")):
        edited(path, f'ttl = "{before}"', f'ttl = "{ttl}"')
        assert keybound("approve", "staging/deploy", "--yes").returncode == 0
    assert keybound("refresh", "staging/deploy").returncode == 0
    left = stored_keys(environ).retired[0].until - time.time()
    assert 7200 + MARGIN - 60 < left <= 7200 + MARGIN


def test_an_expired_token_publishes_no_key(keybound: Run, path: Path) -> None:
    token = minted(keybound)
    assert keybound("expire", "staging/deploy", "--yes").returncode == 0
    done = keybound("jwks", "staging")
    assert json.loads(done.stdout) == {"keys": []}
    assert b"staging/deploy is left out: it is expired" in done.stderr
    assert keybound("approve", "staging/deploy", "--yes").returncode == 0
    assert verdict(keybound, token)[0] == 0


def test_a_shared_key_is_never_printed_and_may_be_given(keybound: Run, profiles: Path, tmp_path: Path) -> None:
    furnish_minted(keybound, profiles, "HS256")
    done = keybound("jwks", "staging")
    assert json.loads(done.stdout) == {"keys": []}
    assert b"a key of HS256 has no public half" in done.stderr
    assert verdict(keybound, minted(keybound))[0] == 0
    assert keybound("refresh", "staging/deploy", "--by-hand", given=b"short\n").returncode == 2
    shared = b"0123456789abcdef0123456789abcdef"
    old = minted(keybound)
    assert keybound("refresh", "staging/deploy", "--by-hand", given=shared + b"\n").returncode == 0
    token = minted(keybound)
    assert jwt.decode(token, shared, ["HS256"], audience=AUDIENCE)["sub"] == "staging/deploy"
    assert verdict(keybound, old)[0] == verdict(keybound, token)[0] == 0
    (tmp_path / "empty.json").write_bytes(done.stdout)
    status, told = verdict(keybound, token, "--jwks", "empty.json", "--audience", AUDIENCE)
    assert (status, "the key set has no key" in told["why"]) == (1, True)


def test_a_copy_has_a_key_of_its_own_and_a_moved_token_keeps_its(keybound: Run, path: Path) -> None:
    first = key_set(keybound)["keys"][0]["kid"]
    path.write_text(path.read_text().replace('env = "DEPLOY_TOKEN"', 'env = ["DEPLOY_TOKEN"]'))
    assert keybound("approve", "staging/deploy", "--yes").returncode == 0
    assert keybound("profile", "new", "other").returncode == 0
    assert keybound("profile", "set", "other", "settings.region", '"eu-west-1"').returncode == 0
    assert keybound("profile", "set", "other", "flags.beta_writes", "false").returncode == 0
    done = keybound("token", "copy", "staging/deploy", "other/second", "--yes")
    assert done.returncode == 0, done.stderr
    keys = json.loads(keybound("jwks", "staging", "other").stdout)["keys"]
    assert len({key["kid"] for key in keys}) == len(keys) == 2
    assert keybound("token", "move", "staging/deploy", "other/third", "--yes").returncode == 2  # its variable is taken
    before = minted(keybound)
    assert keybound("token", "rename", "staging/deploy", "third", "--yes").returncode == 0
    assert verdict(keybound, before, "staging/third") == (
        1, {"valid": False, "why": "it is a token of staging/deploy"},
    )  # fmt: skip
    assert [key["kid"] for key in key_set(keybound)["keys"]] == [first]
    token = minted(keybound)
    assert verdict(keybound, token, "staging/third")[0] == 0
    assert verdict(keybound, token, "other/second")[1]["why"].startswith("the key set has no key")


def test_show_says_what_is_signed(keybound: Run, path: Path) -> None:
    said = keybound("show", "staging/deploy").stdout.decode()
    assert f"  kind      minted (EdDSA, good for 15m, for {AUDIENCE})\n" in said
    assert "  revoke    none is needed: what is signed ends by itself\n" in said


def test_a_made_key_takes_none_by_hand(keybound: Run, path: Path) -> None:
    done = keybound("refresh", "staging/deploy", "--by-hand", given=b"x" * 40)
    assert done.returncode == 2
    assert b"a key of EdDSA is made here" in done.stderr


def test_another_algorithm_waits_for_its_key(keybound: Run, path: Path) -> None:
    old = minted(keybound)
    edited(path, 'alg = "EdDSA"', 'alg = "ES256"')
    assert keybound("approve", "staging/deploy", "--yes").returncode in (0, 1)
    done = keybound("exec", "staging", "--", "true")
    assert done.returncode == 1
    assert (
        b"its signing key is for EdDSA, and its definition says ES256: keybound refresh staging/deploy" in done.stderr
    )
    assert keybound("refresh", "staging/deploy").returncode == 0
    assert [key["kty"] for key in key_set(keybound)["keys"]] == ["EC", "OKP"]
    assert verdict(keybound, old)[0] == verdict(keybound, minted(keybound))[0] == 0


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ((), b"give either TOKEN or --jwks FILE"),
        (("staging/deploy", "--jwks", "x"), b"give either TOKEN or --jwks FILE"),
        (("staging/deploy", "--audience", "x"), b"TOKEN says for whom it is"),
        (("--jwks", "x"), b"--audience is missing"),
        (("--jwks", "gone", "--audience", "x"), b"it cannot be read: no such file"),
        (("--jwks", "bad.json", "--audience", "x"), b"it is not JSON"),
        (("--jwks", "list.json", "--audience", "x"), b"it is no key set"),
    ],
)
def test_bad_input_is_one_line(keybound: Run, path: Path, tmp_path: Path, words: tuple[str, ...], line: bytes) -> None:
    (tmp_path / "bad.json").write_text("{")
    (tmp_path / "list.json").write_text("[]")
    done = keybound("verify", *words, given=b"x\n")
    assert (done.returncode, done.stdout) == (2, b"")
    assert line in done.stderr


def test_a_token_of_another_name_or_of_no_minted_kind_is_refused(keybound: Run, path: Path) -> None:
    text = path.read_text()
    second = text[text.index("[tokens.deploy]") :].replace("tokens.deploy", "tokens.other").replace("DEPLOY", "OTHER")
    edited(path, text, text + second + '[tokens.plain]\nenv = "PLAIN"\n')
    assert keybound("add", "staging/other").returncode == 0
    assert keybound("add", "staging/plain", given=b"x\n").returncode == 0
    done = keybound("verify", "staging/other", given=minted(keybound).encode())
    assert (done.returncode, b"no key" in done.stderr) == (1, True)
    done = keybound("verify", "staging/plain", given=minted(keybound).encode())
    assert (done.returncode, b"staging/plain is not minted" in done.stderr) == (1, True)
