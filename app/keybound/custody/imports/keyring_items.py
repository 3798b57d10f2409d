"""What other programs keep in the desktop's keyring: items of a service, envchain's variables, aws-vault's keys.

Sources of what the items look like: keyring's ``backends/SecretService.py``; envchain's ``envchain_linux.c``; for aws-vault,
``secretservice.go`` of byteness/keyring.
"""

import binascii
import json
from base64 import b64decode
from collections.abc import Mapping

from keybound.custody.context.context import Context
from keybound.custody.imports.source import ImportSource
from keybound.domain.errors import BadInputError, NotFoundError
from keybound.domain.text.secret import Secret, expose_secret
from keybound.sources.plain.base import PlainSecret, as_variable
from keybound.sources.plain.reading import LocatedSecret
from keybound.stores.keyring.secret_service import SecretServiceStore

_AWS = {
    "AccessKeyID": "aws_access_key_id",
    "SecretAccessKey": "aws_secret_access_key",
    "SessionToken": "aws_session_token",
}


def read_keyring(context: Context, service: str) -> ImportSource:
    """The items of a service, as ``keyring set SERVICE USER`` keeps them."""
    found = _search(context, {"service": service}, f"keyring:{service}")
    secrets = tuple(
        LocatedSecret(PlainSecret((service, one["username"]), secret, user=one["username"]), 0)
        for one, secret in found
        if "username" in one
    )
    return ImportSource(
        f"the keyring's service {service}", "keyring", True, secrets, lambda one: as_variable(*one.keys, "token")
    )


def read_envchain(context: Context, namespace: str) -> ImportSource:
    """The variables of a namespace."""
    schema = "envchain.EnvironmentVariable"
    found = _search(context, {"name": namespace, "xdg:schema": schema}, f"envchain:{namespace}")
    secrets = tuple(LocatedSecret(PlainSecret((one["key"],), secret), 0) for one, secret in found if "key" in one)
    return ImportSource(f"envchain's {namespace}", "envchain", True, secrets, lambda one: one.keys[0], named=True)


def read_aws_vault(context: Context, profile: str) -> ImportSource:
    """The keys of a profile."""
    found = _search(context, {"profile": profile}, f"aws-vault:{profile}")
    keys = _aws_keys(found[0][1], profile)
    secrets = tuple(
        LocatedSecret(PlainSecret((profile, _AWS[name]), Secret(value), "aws", user=keys["AccessKeyID"]), 0)
        for name, value in keys.items()
    )
    return ImportSource(f"aws-vault's {profile}", "aws-vault", True, secrets, lambda one: one.keys[-1].upper())


def _search(context: Context, attributes: Mapping[str, str], what: str) -> list[tuple[Mapping[str, str], Secret]]:
    if "" in attributes.values():
        raise BadInputError(f"{what} names nothing", hint="Give a name after the colon.")
    found = SecretServiceStore("", context.environ).search(attributes)
    if not found:
        raise NotFoundError(f"the keyring has nothing for {what}")
    return found


def _aws_keys(item: Secret, profile: str) -> dict[str, str]:
    try:
        keys = json.loads(b64decode(json.loads(expose_secret(item))["Data"]))
        return {name: keys[name] for name in _AWS if keys.get(name)} | {"AccessKeyID": keys["AccessKeyID"]}
    except (ValueError, KeyError, TypeError, binascii.Error):
        raise BadInputError(f"the keyring's item of profile {profile} is not aws-vault's") from None
