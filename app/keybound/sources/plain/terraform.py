"""Terraform's ``credentials.tfrc.json``, which ``terraform login`` writes: a token for each host.

Source: developer.hashicorp.com, "CLI configuration file", Credentials.
"""

from collections.abc import Iterator

from keybound.domain.text.secret import Secret
from keybound.domain.values.readings import Value
from keybound.sources.plain.base import PlainFile, PlainSecret, is_secret, table


def _find(values: Value) -> Iterator[PlainSecret]:
    for host, entries in table(table(values).get("credentials")).items():
        token = table(entries).get("token")
        if isinstance(token, str) and is_secret(token):
            yield PlainSecret(("credentials", host, "token"), Secret(token), "", host)


PLAIN = PlainFile("json", _find)
