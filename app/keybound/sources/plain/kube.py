"""A kubeconfig: ``token``, ``password`` and ``client-key-data`` of its users.

Source: kubernetes.io, "kubeconfig (v1)", AuthInfo.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from keybound.domain.text.secret import Secret
from keybound.domain.values.readings import Value
from keybound.sources.plain.base import PlainFile, PlainSecret, as_variable, is_secret, table


def _find(values: Value) -> Iterator[PlainSecret]:
    config = table(values)
    servers = {name: str(one.get("server") or "") for name, one in _named(config, "clusters", "cluster")}
    hosts = {
        str(one.get("user")): urlsplit(servers.get(str(one.get("cluster")), "")).hostname
        for _, one in _named(config, "contexts", "context")
    }
    for name, fields in _named(config, "users", "user"):
        for field in ("token", "password", "client-key-data"):
            value = fields.get(field)
            if isinstance(value, str) and is_secret(value):
                yield PlainSecret(("users", name, field), Secret(value), "", hosts.get(name) or "", name)


def _named(config: dict[str, Value], many: str, one: str) -> Iterator[tuple[str, dict[str, Value]]]:
    entries = config.get(many)
    for entry in entries if isinstance(entries, list) else []:
        fields = table(entry)
        yield str(fields.get("name") or ""), table(fields.get(one))


def _variable(found: PlainSecret) -> str:
    return as_variable("kube", found.user, found.keys[-1])


PLAIN = PlainFile("yaml", _find, _variable)
