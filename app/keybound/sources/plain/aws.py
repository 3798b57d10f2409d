"""AWS ``credentials`` and ``config``: the secret key and the session token of each profile, with the key's id.

Source: docs.aws.amazon.com, "Configuration and credential file settings in the AWS CLI".
"""

from collections.abc import Iterator

from keybound.domain.text.secret import Secret
from keybound.domain.values.readings import Value
from keybound.sources.plain.base import PlainFile, PlainSecret, is_secret, table


def _find(values: Value) -> Iterator[PlainSecret]:
    for section, entries in table(values).items():
        fields = table(entries)
        for name in ("aws_secret_access_key", "aws_session_token"):
            value = fields.get(name)
            if isinstance(value, str) and is_secret(value):
                yield PlainSecret((section, name), Secret(value), "aws", "", str(fields.get("aws_access_key_id", "")))


PLAIN = PlainFile("aws", _find)
