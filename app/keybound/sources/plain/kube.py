"""A kubeconfig: ``token``, ``password`` and ``client-key-data`` of its users.

For a token, kubectl asks a program (an exec credential plugin). Source: kubernetes.io, "kubeconfig (v1)", AuthInfo and
ExecConfig.
"""

import json
import re
import shlex
from collections.abc import Iterator, Sequence

from keybound.domain.text.secret import Secret
from keybound.domain.values.readings import Value
from keybound.sources.plain.base import PlainFile, PlainSecret, Taken, as_variable, host_of, is_secret, lines_of, table


def _find(values: Value) -> Iterator[PlainSecret]:
    config = table(values)
    servers = {name: str(one.get("server") or "") for name, one in _named(config, "clusters", "cluster")}
    hosts = {
        str(one.get("user")): host_of(servers.get(str(one.get("cluster"))))
        for _, one in _named(config, "contexts", "context")
    }
    for name, fields in _named(config, "users", "user"):
        for field in ("token", "password", "client-key-data"):
            value = fields.get(field)
            if isinstance(value, str) and is_secret(value):
                host = hosts.get(name) or ""
                yield PlainSecret(("users", name, field), Secret(value), "", host, name, bare=field != "token")


def _named(config: dict[str, Value], many: str, one: str) -> Iterator[tuple[str, dict[str, Value]]]:
    entries = config.get(many)
    for entry in entries if isinstance(entries, list) else []:
        fields = table(entry)
        yield str(fields.get("name") or ""), table(fields.get(one))


def _variable(found: PlainSecret) -> str:
    return as_variable("kube", found.user, found.keys[-1])


def _without(text: str, taken: Sequence[Taken]) -> str:
    """Only where the token stands on a line of its own, and no other way to log in: else the check of the result refuses."""
    lines = lines_of(text)
    for one in taken:
        line = lines[one.line - 1]
        if one.found.keys[-1] == "token" and (found := re.match(r"([ \t]+)token:[^\r\n]*(\r?\n?)", line)):
            indent, end = found.groups()
            program, *words = shlex.split(one.helper)
            fields = [
                "exec:", "  apiVersion: client.authentication.k8s.io/v1", f"  command: {json.dumps(program)}",
                f"  args: {json.dumps(words)}", "  interactiveMode: Never",
            ]  # fmt: skip
            lines[one.line - 1] = "".join(f"{indent}{field}{end or chr(10)}" for field in fields)
    return "".join(lines)


PLAIN = PlainFile(
    "yaml", _find, _variable, _without, "an exec block takes its place: kubectl asks Keybound", helped=True
)
