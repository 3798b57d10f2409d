"""Terraform's ``.terraformrc``: ``credentials "host" { token = "…" }``, in HashiCorp's own language.

Source: developer.hashicorp.com, "CLI configuration file", Credentials.
"""

import re
from collections.abc import Iterator

from keybound.domain.text.secret import Secret
from keybound.domain.values.readings import Value
from keybound.sources.plain.base import PlainFile, PlainSecret, is_secret

_BLOCK = re.compile(r'^[ \t]*credentials[ \t]+"([^"\n]+)"[ \t]*\{([^{}]*)\}', re.MULTILINE)
_TOKEN = re.compile(r'^[ \t]*token[ \t]*=[ \t]*"([^"\n]*)"', re.MULTILINE)


def _find(text: Value) -> Iterator[PlainSecret]:
    for block in _BLOCK.finditer(str(text)):
        host, body = block.groups()
        for token in _TOKEN.finditer(body):
            if is_secret(token.group(1)):
                yield PlainSecret((host, "token"), Secret(token.group(1)), "", host)


PLAIN = PlainFile("", _find)
