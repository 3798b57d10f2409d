"""What is taken from other stores: a keyring service, envchain, aws-vault and pass, each as its own program keeps it."""

import base64
import json
import subprocess
import sys
from pathlib import Path

import pytest

from support.keyring_session import in_session, new_session
from support.programs_at_hand import needed
from support.staging import Run

RANDOM = "x7Gq2LmZ9vB4tRwK8nYc"
KEYS = {"AccessKeyID": "AKIAQ3EGV5GJ7HBXTWM2", "SecretAccessKey": RANDOM * 2, "SessionToken": "", "ProviderName": ""}
VAULT = json.dumps(
    {"Key": "dev", "Data": base64.b64encode(json.dumps(KEYS).encode()).decode(), "Label": "aws-vault (dev)"}
)


@pytest.fixture
def session(tmp_path: Path) -> dict[str, str]:
    """A session that has no keyring yet."""
    return new_session(tmp_path) | {"VAULT": VAULT, "PYTHON": sys.executable}


def run(session: dict[str, str], script: str) -> "subprocess.CompletedProcess[str]":
    """What bash does with a keyring that is open and chosen."""
    return in_session(session, f"keybound init >/dev/null\n{script}")


def test_items_of_a_keyring_service_are_taken(session: dict[str, str]) -> None:
    done = run(
        session,
        f"printf {RANDOM} | $PYTHON -m keyring set my-api octo\n"
        "keybound import keyring:my-api --yes && keybound env --shell json\n"
        "keybound import keyring:none --yes; echo $?; keybound import keyring: --yes; echo $?",
    )
    assert json.loads(done.stdout[done.stdout.index("{") : done.stdout.index("}") + 1]) == {
        "MY_API_OCTO_TOKEN": RANDOM
    }, done
    assert done.stdout.endswith("\n4\n2\n")


def test_envchain_has_variables_of_a_namespace(session: dict[str, str]) -> None:
    store = "secret-tool store --label={0} name web key {0} xdg:schema envchain.EnvironmentVariable"
    done = run(
        session,
        f"printf {RANDOM} | {store.format('A_TOKEN')}\nprintf plain | {store.format('B')}\n"
        "keybound import envchain:web --yes >/dev/null; keybound env --shell json",
    )
    assert json.loads(done.stdout) == {"A_TOKEN": RANDOM, "B": "plain"}, done.stderr


def test_aws_vault_has_the_keys_of_a_profile(session: dict[str, str]) -> None:
    done = run(
        session,
        'printf %s "$VAULT" | secret-tool store --label=dev profile dev\n'
        "keybound import aws-vault:dev --yes >/dev/null; keybound env --shell json\n"
        "printf junk | secret-tool store --label=bad profile bad; keybound import aws-vault:bad --yes; echo $?",
    )
    text, _, rest = done.stdout.partition("}")
    assert json.loads(f"{text}}}") == {"AWS_ACCESS_KEY_ID": KEYS["AccessKeyID"], "AWS_SECRET_ACCESS_KEY": RANDOM * 2}, (
        done
    )
    assert rest.strip() == "2"


def test_without_a_keyring_it_is_said(keybound: Run) -> None:
    done = keybound("import", "envchain:web", "--yes")
    assert done.returncode == 3
    assert b"keyring" in done.stderr


def test_pass_gives_first_lines_of_what_lies_below_a_prefix(keybound: Run, home: Path, environ: dict[str, str]) -> None:
    for name in ("pass", "gpg"):
        needed(name)
    keybound("init")
    (home / ".gnupg").mkdir(mode=0o700)

    def call(*words: str, given: str = "") -> None:
        subprocess.run(words, input=given, text=True, env=environ, check=True, capture_output=True)

    call("gpg", "--batch", "--passphrase", "", "--quick-gen-key", "octo@example.com", "default", "default")
    try:
        call("pass", "init", "octo@example.com")
        for entry, text in (("api/stripe", f"{RANDOM}\nuser: octo\n"), ("api/deep/other", "word\n"), ("mail", "x\n")):
            call("pass", "insert", "-m", entry, given=text)
        told = json.loads(keybound("import", "pass:api/stripe", "--yes", "--json").stdout)
        assert [(one["from"], one["env"]) for one in told["taken"]] == [("api.stripe", "STRIPE_TOKEN")]
        told = json.loads(keybound("import", "pass:api", "--dry-run", "--json").stdout)
        assert [one["from"] for one in told["left"]] == ["api.deep.other", "api.stripe"]
        assert keybound("import", "pass:none", "--yes").returncode == 4
        assert json.loads(keybound("env", "--shell", "json").stdout) == {"STRIPE_TOKEN": RANDOM}
    finally:
        call("gpgconf", "--kill", "all")
