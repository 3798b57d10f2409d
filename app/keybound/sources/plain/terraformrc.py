"""Terraform's ``.terraformrc``: ``credentials "host" { token = "…" }``, in HashiCorp's own language.

Source: developer.hashicorp.com, "CLI configuration file", Credentials.
"""

import re
from collections.abc import Iterator, Sequence

from keybound.domain.text.secret import Secret
from keybound.sources.plain.base import PlainFile, PlainSecret, Taken, is_secret
from keybound.sources.plain.terraform import terraform_variable

_BLOCK = re.compile(r'^[ \t]*credentials[ \t]+"([^"\n]+)"[ \t]*\{([^{}]*)\}', re.MULTILINE)
_TOKEN = re.compile(r'^[ \t]*token[ \t]*=[ \t]*"([^"\n]*)"', re.MULTILINE)


def _find(text: str) -> Iterator[PlainSecret]:
    for block in _BLOCK.finditer(text):
        host, body = block.groups()
        for token in _TOKEN.finditer(body):
            if is_secret(token.group(1)):
                yield PlainSecret((host, "token"), Secret(token.group(1)), "", host)


def _without(text: str, taken: Sequence[Taken]) -> str:
    hosts = {one.found.host for one in taken}
    return _BLOCK.sub(lambda block: "" if block.group(1) in hosts else block.group(), text)


PLAIN = PlainFile("", _find, terraform_variable, _without, "it is removed; Terraform reads its variable")
