"""Minted tokens from end to end: every way out gives a signed token, and none the key that signs."""

import json
import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import jwt
import pytest
from joserfc import jwt as joserfc_jwt
from joserfc.jwk import import_key

from keybound.custody.application.app_service import CustodyAppService
from keybound.custody.context.context import Context
from keybound.custody.minting.key_set import KeySet, checking_keys
from keybound.custody.view_models.adding import NewToken
from keybound.domain.errors import BadInputError
from keybound.domain.profile.mint import ALGS
from keybound.domain.text.secret import Secret, expose_secret
from support.agents import asked, runner, started, with_agents
from support.minted import AUDIENCE, edited, furnish_minted, minted, stored_keys
from support.staging import Run, furnish


def private_parts(environ: dict[str, str]) -> list[bytes]:
    """What of a stored key must never be seen."""
    jwk = stored_keys(environ).current.jwk
    return [jwk[name].encode() for name in ("d", "k", "p", "q", "dp", "dq", "qi") if name in jwk]


def checked(token: str, environ: dict[str, str]) -> dict[str, Any]:
    """The claims, once two libraries that are not ours have checked them."""
    keys = stored_keys(environ)
    public = next(checking_keys(KeySet(keys.current), 0))
    alg = jwt.get_unverified_header(token)["alg"]
    found = joserfc_jwt.decode(token, import_key({**public, "alg": alg}), algorithms=[alg]).claims
    if alg != "Ed25519":  # PyJWT knows it by its old name alone
        assert found == jwt.decode(token, jwt.PyJWK(public).key, algorithms=[alg], audience=AUDIENCE)
    return dict(found)


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")  # the name: RFC 9864
@pytest.mark.parametrize("alg", ALGS)
def test_a_release_signs_a_token_that_others_verify(
    keybound: Run, profiles: Path, environ: dict[str, str], alg: str
) -> None:
    furnish_minted(keybound, profiles, alg)
    first, second = minted(keybound), minted(keybound)
    claims = checked(first, environ)
    assert (claims["iss"], claims["aud"], claims["sub"]) == ("https://keys.example.com", AUDIENCE, "staging/deploy")
    assert (claims["region"], claims["level"]) == ("eu-west-1", 3)
    assert claims["exp"] - claims["iat"] == 900
    assert claims["nbf"] == claims["iat"]
    own = claims["keybound"]
    assert own["profile"] == "staging"
    assert own["token"] == "deploy"
    assert re.fullmatch("[0-9a-f]{64}", own["config"])
    assert checked(second, environ)["jti"] != claims["jti"]
    assert jwt.get_unverified_header(first) == {"alg": alg, "kid": stored_keys(environ).current.id, "typ": "JWT"}


def test_no_way_out_gives_the_signing_key(
    keybound: Run, profiles: Path, environ: dict[str, str], home: Path, tmp_path: Path
) -> None:
    furnish_minted(keybound, profiles)
    secrets = private_parts(environ)
    assert secrets
    ways = [
        keybound("exec", "staging", "--", "env"),
        keybound("exec", "staging", "--mask", "--", "env"),
        keybound("exec", "staging", "--file", "DEPLOY_TOKEN", "--", "sh", "-c", 'cat "$DEPLOY_TOKEN_FILE"'),
        *(keybound("env", "staging", "--shell", shell) for shell in ("bash", "fish", "json", "dotenv", "nu")),
        keybound("inject", given=b"{{ deploy }}", more={"KEYBOUND_PROFILE": "staging"}),
        keybound("mint", "staging/deploy"),
        keybound("mint", "staging/deploy", "--json"),
        keybound("kube-credential", "staging/deploy"),
        keybound("git-credential", "--host", "h", "staging/deploy", "get", given=b"protocol=https\nhost=h\n\n"),
        keybound("docker-credential", "--host", "h", "staging/deploy", "get", given=b"h"),
        keybound("aws-credential", "staging", "--key", "deploy", "--secret", "deploy"),
        keybound("hook-step", "bash", f"{home}/.local/state/keybound/hooks/1-1", more={"KEYBOUND_PROFILE": "staging"}),
    ]
    for done in ways:
        assert done.returncode == 0, done
        assert b"eyJ" in done.stdout or "--mask" in done.args, done
    context = Context(environ, environ["HOME"])
    service = CustodyAppService(context)
    shown = expose_secret(service.reveal("staging/deploy"))
    assert shown.startswith(b"eyJ")
    seen = repr(service.overview()).encode()
    assert [view.claims for view in service.overview().tokens] == [()]
    context.close()
    told = [keybound(*words) for words in (("show", "staging/deploy", "--json"), ("list", "--json"), ("log", "--json"))]
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    for text in [shown, seen, *(done.stdout + done.stderr for done in [*ways, *told]), *files]:
        assert not any(secret in text for secret in secrets)


def test_helpers_say_when_to_ask_again(keybound: Run, profiles: Path) -> None:
    furnish_minted(keybound, profiles)
    answer = json.loads(keybound("kube-credential", "staging/deploy").stdout)["status"]
    claims = jwt.decode(answer["token"], options={"verify_signature": False})
    again = datetime.fromisoformat(answer["expirationTimestamp"]).timestamp()
    assert again == claims["iat"] + 450
    asked = b"protocol=https\nhost=h\n\n"
    lines = keybound("git-credential", "--host", "h", "staging/deploy", "get", given=asked).stdout.decode().splitlines()
    fields = dict(line.partition("=")[::2] for line in lines)
    claims = jwt.decode(fields["password"], options={"verify_signature": False})
    assert int(fields["password_expiry_utc"]) == claims["exp"]
    told = json.loads(keybound("aws-credential", "staging", "--key", "deploy", "--secret", "deploy").stdout)
    claims = jwt.decode(told["SecretAccessKey"], options={"verify_signature": False})
    assert datetime.fromisoformat(told["Expiration"]).timestamp() == claims["exp"]


def test_mint_prints_what_may_be_revealed(keybound: Run, profiles: Path) -> None:
    path = furnish_minted(keybound, profiles)
    told = json.loads(keybound("mint", "staging/deploy", "--json").stdout)
    claims = jwt.decode(told["token"], options={"verify_signature": False})
    assert (told["expires"], told["renew"], told["id"]) == (claims["exp"], claims["iat"] + 450, claims["jti"])
    assert told["key"] == jwt.get_unverified_header(told["token"])["kid"]
    assert json.loads(keybound("log", "--json").stdout.splitlines()[-1])["detail"]["jti"] == claims["jti"]
    edited(path, 'kind = "minted"\n', 'kind = "minted"\nrelease = ["exec"]\n')
    assert keybound("approve", "staging/deploy", "--yes").returncode == 0
    done = keybound("mint", "staging/deploy")
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"it may be released only by exec" in done.stderr
    assert keybound("add", "default/plain", "--env", "PLAIN", given=b"x\n").returncode == 0
    done = keybound("mint", "default/plain")
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"default/plain is not minted" in done.stderr


def test_a_kind_that_is_changed_hands_no_key_over(keybound: Run, profiles: Path, environ: dict[str, str]) -> None:
    path = furnish_minted(keybound, profiles)
    secrets = private_parts(environ)
    text = path.read_text()
    edited(path, 'kind = "minted"\n', 'kind = "opaque"\n')
    edited(path, next(line for line in text.splitlines() if line.startswith("mint")), "")
    done = keybound("approve", "staging/deploy", "--yes")
    assert b"is a signing key" in keybound("why", "staging/deploy").stdout, done
    done = keybound("exec", "staging", "--", "env")
    assert done.returncode == 1
    assert not any(secret in done.stdout + done.stderr for secret in secrets)
    assert keybound("refresh", "staging/deploy", given=b"given\n").returncode == 0
    assert minted(keybound) == "given"


def test_a_signing_key_is_never_sent_to_be_revoked(keybound: Run, profiles: Path, environ: dict[str, str]) -> None:
    path = furnish_minted(keybound, profiles)
    secrets = private_parts(environ)
    text = path.read_text()
    edited(path, next(line for line in text.splitlines() if line.startswith("mint")), "")
    edited(
        path,
        'kind = "minted"\n',
        'revoke = { command = ["/usr/bin/tee", "-a", "/tmp/revoked"] }\n'.replace("/tmp", environ["HOME"]),
    )
    assert keybound("approve", "staging/deploy", "--yes").returncode in (0, 1)
    assert keybound("refresh", "staging/deploy", given=b"plain\n").returncode == 0
    assert keybound("revoke", "staging/deploy", "--yes").returncode == 0
    revoked = Path(environ["HOME"], "revoked").read_bytes()
    assert revoked.strip() == b"plain"
    assert not any(secret in revoked for secret in secrets)


def test_a_signing_key_is_never_sent_to_be_probed(keybound: Run, profiles: Path, environ: dict[str, str]) -> None:
    path = furnish_minted(keybound, profiles)
    done = keybound("probe", "staging/deploy")
    assert (done.returncode, b"is minted here" in done.stderr) == (1, True)
    asked = Path(environ["HOME"], "asked")
    text = path.read_text()
    edited(path, next(line for line in text.splitlines() if line.startswith("mint")), "")
    edited(path, 'kind = "minted"\n', f'probe = {{ command = ["/usr/bin/tee", "-a", "{asked}"] }}\n')
    assert keybound("approve", "staging/deploy", "--yes").returncode in (0, 1)
    done = keybound("probe", "staging/deploy")
    assert done.returncode == 1
    assert done.stderr == b"keybound: the stored secret of staging/deploy is a signing key, which is never sent\n"
    assert not asked.exists()
    assert keybound("refresh", "staging/deploy", given=b"plain\n").returncode in (0, 1)
    assert not asked.exists() or asked.read_bytes().strip(b"\n") == b"plain"


def test_an_opaque_token_that_becomes_minted_waits_for_a_key(keybound: Run, profiles: Path) -> None:
    path = furnish_minted(keybound, profiles)
    text = path.read_text()
    plain = "\n".join(line for line in text.splitlines() if not line.startswith(("mint", "kind")))
    path.write_text(plain.replace("tokens.deploy", "tokens.other").replace("DEPLOY", "OTHER"))
    assert keybound("add", "staging/other", given=b"plain\n").returncode == 0
    path.write_text(text.replace("tokens.deploy", "tokens.other").replace("DEPLOY", "OTHER"))
    assert keybound("approve", "staging/other", "--yes").returncode in (0, 1)
    assert b"is not a signing key: keybound refresh staging/other" in keybound("why", "staging/other").stdout
    assert keybound("exec", "staging", "--", "true").returncode == 1
    assert keybound("refresh", "staging/other").returncode == 0
    assert (
        keybound("exec", "staging", "--", "sh", "-c", 'case "$OTHER_TOKEN" in eyJ*) ;; *) exit 9 ;; esac').returncode
        == 0
    )


def test_what_cannot_be_filled_withholds(keybound: Run, profiles: Path) -> None:
    path = furnish_minted(keybound, profiles)
    assert keybound("unbind", "staging/deploy", "settings.region").returncode == 0
    edited(path, 'region = "eu-west-1"\n', "")
    done = keybound("exec", "staging", "--", "true")
    assert done.returncode == 1
    assert b"its claims.region cannot be filled in: {settings.region} has no value" in done.stderr
    assert b"{settings.region} has no value (mint)" in keybound("check", "staging").stdout


def test_a_secret_is_not_taken_and_the_options_are_checked(keybound: Run, profiles: Path) -> None:
    assert keybound("init").returncode == 0
    assert keybound("profile", "new", "staging").returncode == 0
    fields = f"ttl=15m audience={AUDIENCE} claims.level=3 claims.who='{{env.A}}'"
    done = keybound("add", "staging/deploy", "--env", "DEPLOY_TOKEN", "--mint", fields.replace("15m", "0m"))
    assert (done.returncode, b"not a duration" in done.stderr) == (2, True)
    done = keybound("add", "staging/deploy", "--env", "DEPLOY_TOKEN", "--mint", "ttl=15m claims.iss=x audience=a")
    assert (done.returncode, b"iss is a claim that Keybound makes itself" in done.stderr) == (2, True)
    done = keybound("add", "staging/deploy", "--env", "DEPLOY_TOKEN", "--mint", "life=15m")
    assert (done.returncode, b"mint has no life" in done.stderr) == (2, True)
    done = keybound("add", "staging/deploy", "--env", "DEPLOY_TOKEN", "--mint", fields, "--kind", "github")
    assert (done.returncode, b"--mint makes a token of kind minted" in done.stderr) == (2, True)
    assert json.loads(keybound("list", "--json").stdout) == []
    edited(profiles / "staging.toml", "schema = 1\n", 'schema = 1\n[env]\nA = "b"\n')
    done = keybound("add", "staging/deploy", "--env", "DEPLOY_TOKEN", "--mint", fields, "--yes", given=b"ignored\n")
    assert done.returncode == 0, done.stderr
    claims = jwt.decode(minted(keybound), options={"verify_signature": False})
    assert (claims["level"], claims["who"]) == (3, "b")


def test_the_application_adds_it_without_a_secret(keybound: Run, profiles: Path, environ: dict[str, str]) -> None:
    path = furnish_minted(keybound, profiles)
    text = path.read_text()
    edited(path, text, text.replace("tokens.deploy", "tokens.other").replace("DEPLOY", "OTHER"))
    new = NewToken("staging/other", (), "", (), "", ())
    context = Context(environ, environ["HOME"])
    service = CustodyAppService(context)
    with pytest.raises(BadInputError, match="is minted: it makes its signing key itself"):
        service.add(new, Secret("given"))
    assert service.add(new, Secret("")).text == "staging/other is stored and active"
    with pytest.raises(BadInputError, match="needs a secret"):
        service.add(NewToken("staging/plain", ("PLAIN",), "", (), "", ()), Secret(""))
    shown = expose_secret(service.reveal("staging/other"))
    context.close()
    assert shown.startswith(b"eyJ")


def test_a_token_ends_no_later_than_its_definition(keybound: Run, profiles: Path) -> None:
    path = furnish_minted(keybound, profiles)
    edited(path, 'env = "DEPLOY_TOKEN"\n', 'env = "DEPLOY_TOKEN"\nttl = "5m"\n')
    assert keybound("approve", "staging/deploy", "--yes").returncode == 0
    claims = jwt.decode(minted(keybound), options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] <= 300


def test_an_agent_signs_as_the_direct_way_does(
    keybound: Run, profiles: Path, environ: dict[str, str], home: Path, tmp_path: Path
) -> None:
    furnish_minted(keybound, profiles)
    (home / ".config/keybound/config.toml").write_text('[agent]\nstart = "manual"\n')
    with with_agents(environ) as made:
        run = runner(made, tmp_path)
        started(run)
        answer = asked(["exec", "staging", "--", "printenv", "DEPLOY_TOKEN"], made, str(tmp_path))
        held = re.findall(r"DEPLOY_TOKEN=(eyJ[\w.-]+)", answer)
        assert len(held) == 1, "the agent passed it over"
        assert not any(secret.decode() in answer for secret in private_parts(environ))
    assert keybound("verify", "staging/deploy", given=held[0].encode()).returncode == 0


LOADED = """
import sys
from keybound.cli.main import run_verb
run_verb(["env", "staging", "--shell", "json"])
print(*sorted(sys.modules), file=sys.stderr)
"""


def loaded(environ: dict[str, str]) -> set[str]:
    """What is loaded once a release is done."""
    done = subprocess.run([sys.executable, "-I", "-c", LOADED], env=environ, capture_output=True, text=True, check=True)
    assert "TOKEN" in done.stdout
    return set(done.stderr.split())


def test_what_signs_is_loaded_with_the_first_minted_token_alone(
    keybound: Run, profiles: Path, environ: dict[str, str], home: Path
) -> None:
    furnish(keybound, profiles, home)
    signing = ("cryptography", "jwt", "keybound.jose", "keybound.verify", "keybound.custody.minting")
    plain = loaded(environ)
    assert not [name for name in plain if name.startswith((*signing, "keybound.domain.profile.mint"))]
    furnish_minted(keybound, profiles)
    minting = loaded(environ)
    assert "keybound.custody.minting.mint" in minting
    assert "keybound.jose.okp" in minting
    assert not [name for name in minting if name.partition(".")[0] == "jwt"]
    assert not {"keybound.jose.rsa", "keybound.jose.ec", "cryptography.x509"} & minting
