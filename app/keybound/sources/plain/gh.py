"""GitHub's command line: ``hosts.yml`` has ``oauth_token`` for a host, and for each user of it where there are several.

Source: cli.github.com, "gh auth login", ``--insecure-storage``; the file as gh 2.40 and later write it.
"""

import re
from collections.abc import Iterator, Sequence

from keybound.domain.text.secret import Secret, expose_secret
from keybound.domain.values.readings import Value
from keybound.sources.plain.base import PlainFile, PlainSecret, Taken, is_secret, table


def _find(values: Value) -> Iterator[PlainSecret]:
    for host, entries in table(values).items():
        fields = table(entries)
        user = str(fields.get("user") or "")
        users = {name: table(one).get("oauth_token") for name, one in table(fields.get("users")).items()}
        token = fields.get("oauth_token")
        if isinstance(token, str) and is_secret(token):
            yield PlainSecret((host, "oauth_token"), Secret(token), "github", host, user)
        for name, other in users.items():
            if isinstance(other, str) and is_secret(other) and other != token:
                yield PlainSecret((host, "users", name, "oauth_token"), Secret(other), "github", host, name)


def _variable(found: PlainSecret) -> str:
    """Source: gh help environment."""
    return "GH_TOKEN" if found.host == "github.com" else "GH_ENTERPRISE_TOKEN"


def _without(text: str, taken: Sequence[Taken]) -> str:
    """gh writes a token of the active user twice."""
    for one in taken:
        value = re.escape(expose_secret(one.found.secret).decode())
        text = re.sub(rf"(?m)^[ \t]*oauth_token:[ \t]*([\"']?){value}\1[ \t]*\r?\n?", "", text)
    return text


PLAIN = PlainFile("yaml", _find, _variable, _without, "it is removed; gh reads GH_TOKEN")
