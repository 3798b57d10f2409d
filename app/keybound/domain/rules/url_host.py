"""``url_host``: a URL with exactly this host, or one of these."""

import re

from keybound.domain.rules.base import Given, RuleKind
from keybound.domain.rules.values import items
from keybound.domain.values.readings import Value

LONGEST_URL = 65_536


def _fits(value: Value) -> bool:
    hosts = [value] if isinstance(value, str) else items(value)
    return len(hosts) > 0 and all(isinstance(one, str) and re.fullmatch(r"[^\s/@]+", one) for one in hosts)


def _inside(value: Value, hosts: Value, given: Given) -> bool:
    if not isinstance(value, str) or len(value) > LONGEST_URL or re.search(r"[\s\\\x00-\x1f]", value):
        return False
    from urllib.parse import urlsplit  # 2 ms with ipaddress: only where one is judged

    try:
        parts = urlsplit(value)
        host, _ = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return False
    if host.isascii() and not parts.netloc.isascii():  # a letter that lower() turns into another
        return False
    wanted = [hosts] if isinstance(hosts, str) else items(hosts)
    return bool(parts.scheme and host) and host in {str(one).lower() for one in wanted}


RULE = RuleKind(
    takes="a host such as api.example.com, or a list of hosts",
    fits=_fits,
    schema={"type": ["string", "array"], "items": {"type": "string"}},
    inside=_inside,
    words="host {}",
    sign="@",
    bare=True,
    unordered=True,
)
