"""A profile with a minted token, as the tests of minting begin."""

import json
import time
from pathlib import Path
from typing import Any

from keybound.custody.context.context import Context
from keybound.custody.envelopes.envelopes import fetch, token_item
from keybound.custody.minting.key_set import KeySet, read_keys
from keybound.domain.values.names import TokenId
from support.staging import REST, Run

AUDIENCE = "https://deploy.example.com"
PROFILE = """schema = 1
[settings]
region = "eu-west-1"
[flags]
beta_writes = false
[tokens.deploy]
env = "DEPLOY_TOKEN"
kind = "minted"
mint = {{ alg = "{alg}", ttl = "15m", issuer = "https://keys.example.com", audience = "{audience}", \
claims = {{ region = "{{settings.region}}", level = 3 }} }}
[tokens.deploy.bound]
"settings.region" = {{ one_of = ["eu-west-1", "eu-west-2"], outside = "suspend" }}
"flags.beta_writes" = {{ equals = false, outside = "suspend" }}
"""


def write_profile(profiles: Path, alg: str = "EdDSA") -> Path:
    """The profile ``staging`` as a file that has rested."""
    path = profiles / "staging.toml"
    path.write_text(PROFILE.format(alg=alg, audience=AUDIENCE))
    time.sleep(REST)
    return path


def furnish_minted(keybound: Run, profiles: Path, alg: str = "EdDSA") -> Path:
    """Make the profile and its token; the profile's path."""
    assert keybound("init").returncode == 0
    path = write_profile(profiles, alg)
    done = keybound("add", "staging/deploy")
    assert done.returncode == 0, done.stderr
    return path


def minted(keybound: Run) -> str:
    """A token, as a command gets it."""
    done = keybound("exec", "staging", "--", "printenv", "DEPLOY_TOKEN")
    assert done.returncode == 0, done.stderr
    return str(done.stdout.decode().strip())


def key_set(keybound: Run) -> Any:
    """What ``jwks`` prints."""
    done = keybound("jwks", "staging")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def stored_keys(environ: dict[str, str]) -> KeySet:
    """The keys that lie in the store."""
    context = Context(environ, environ["HOME"])
    item = token_item(TokenId("staging", "deploy"))
    envelope = fetch(context, [item])[item].envelope
    context.close()
    assert envelope is not None
    assert envelope.secret is not None
    return read_keys(envelope.secret)


def edited(path: Path, old: str, new: str) -> None:
    """Replace a text of the profile, and let it rest."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    time.sleep(REST)
