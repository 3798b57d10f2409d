"""Terraform's ``credentials.tfrc.json``, which ``terraform login`` writes: a token for each host.

Source: developer.hashicorp.com, "CLI configuration file", Credentials.
"""

import json
from collections.abc import Iterator, Sequence

from keybound.domain.text.secret import Secret
from keybound.domain.values.readings import Value
from keybound.sources.plain.base import PlainFile, PlainSecret, Taken, is_secret, table


def _find(values: Value) -> Iterator[PlainSecret]:
    for host, entries in table(table(values).get("credentials")).items():
        token = table(entries).get("token")
        if isinstance(token, str) and is_secret(token):
            yield PlainSecret(("credentials", host, "token"), Secret(token), "", host)


def terraform_variable(found: PlainSecret) -> str:
    """``TF_TOKEN_`` and the host, its dots as ``_`` and its hyphens as ``__``.

    Source: developer.hashicorp.com, "CLI configuration file", Environment Variable Credentials.
    """
    return "TF_TOKEN_" + found.host.replace("-", "__").replace(".", "_")


def _without(text: str, taken: Sequence[Taken]) -> str:
    values = json.loads(text)
    for one in taken:
        del values["credentials"][one.found.host]
    return json.dumps(values, indent=2, ensure_ascii=False) + "\n"


PLAIN = PlainFile("json", _find, terraform_variable, _without, "it is removed; Terraform reads its variable")
