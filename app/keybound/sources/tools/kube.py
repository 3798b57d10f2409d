"""``kube:`` keys: the context, and what it leads to, as kubectl and every client built on client-go would use it.

``KUBECONFIG`` is a list of files; where it is empty, ``~/.kube/config`` is read. Missing files and empty entries are passed
over, any other fault in any file ends it. The first file that has a current context, a context, a cluster or a user of
some name wins, whole: entries are not merged with those of later files.
https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/#merging-kubeconfig-files
and ``tools/clientcmd/loader.go`` of client-go.

kubectl reads YAML 1.1, so a plain ``yes`` or ``1_0`` is no name to it. A context that names a cluster or a user that is nowhere
is refused (``config view --minify``), so nothing of it is read here. In a pod without a context kubectl uses the pod's
service account: that is not followed. Flags, and what plugins do, are not seen.
"""

import os
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import yaml

from keybound.domain.text.digests import sha256
from keybound.domain.values.readings import Absent, Found, Origin
from keybound.sources.caller import Caller
from keybound.sources.files.snapshot import Snapshot
from keybound.sources.formats.reading import decode
from keybound.sources.formats.yaml import compose, members
from keybound.sources.parse_fault import ParseError
from keybound.sources.tools.base import Answer, Tool

_POD = "KUBERNETES_SERVICE_HOST"
_MOST_KEPT = 64
# what YAML 1.1, as Go reads it, takes for a boolean or a number, and our schema for a text; _ within numbers is left out
_OTHERWISE = re.compile(
    r"[yYnN]|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF"
    r"|[-+]?(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|[0-9]+(\.[0-9]*)?([eE][-+]?[0-9]+)?)"
)
_PARTS = {"contexts": "context", "clusters": "cluster", "users": "user"}
_FIELDS = {"context": ("cluster", "user", "namespace"), "cluster": ("server",), "user": ()}


class _Text(NamedTuple):
    text: str
    line: int


_NONE = _Text("", 0)


class _Entry(NamedTuple):
    """A context, cluster or user: its line, and the fields of it that have a say."""

    line: int
    fields: Mapping[str, _Text]


class _File(NamedTuple):
    """What one file says; nothing of it is secret."""

    current: _Text
    contexts: Mapping[str, _Entry]
    clusters: Mapping[str, _Entry]
    users: Mapping[str, _Entry]


_kept: dict[str, _File] = {}  # by the digest of the text: parsing a large file takes seconds


class Kube(Tool):
    """Reads ``kube:`` keys."""

    def __init__(self, caller: Caller, snapshot: Snapshot) -> None:
        super().__init__(caller, snapshot)
        self._files: list[tuple[str, _File]] | None = None

    def _read(self, name: str) -> Answer:
        path, current = self._first("current")
        if not current.text:
            return self._without_context()
        place, context = self._entry("contexts", current.text)
        cluster = self._named("clusters", context.fields["cluster"])
        user = self._named("users", context.fields["user"])
        if name == "context":
            return self._found(path, current)
        if name == "server":
            return (
                self._found(cluster[0], cluster[1].fields["server"])
                if cluster
                else _absent(f"{current.text} has no cluster")
            )
        if name == "namespace" and not context.fields["namespace"].text:
            return Answer(Found("default"))
        if name in ("cluster", "user") and not (cluster if name == "cluster" else user):
            return _absent(f"{current.text} has no {name}")
        return self._found(place, context.fields[name])

    def _without_context(self) -> Answer:
        if self.variable(_POD):
            raise ParseError(f"no context is in use, and {_POD} is set: kubectl may use the pod's service account")
        return _absent("no context is in use")

    def _found(self, path: str, value: _Text) -> Answer:
        if not value.text:
            return _absent("it is empty")
        return Answer(Found(value.text), Origin(self._chosen_by, path, value.line))

    @property
    def _chosen_by(self) -> str:
        return "KUBECONFIG" if self.variable("KUBECONFIG") else ""

    def _all(self) -> list[tuple[str, _File]]:
        if self._files is None:
            self._files = [(path, found) for path in self._paths() if (found := self._file(path)) is not None]
        return self._files

    def _paths(self) -> list[str]:
        given = self.variable("KUBECONFIG")
        if not given:
            return [os.path.join(self.home, ".kube", "config")]
        return [os.path.join(self.caller.cwd, one) for one in dict.fromkeys(given.split(":")) if one]

    def _file(self, path: str) -> _File | None:
        content = self.content(path)
        if content is None:
            return None
        digest = sha256(content.data).hexdigest()
        if digest not in _kept:
            try:
                found = _parsed(decode(content.data))
            except ParseError as fault:
                raise ParseError(f"{path}: {fault}") from None
            while len(_kept) >= _MOST_KEPT:
                _kept.pop(next(iter(_kept)))
            _kept[digest] = found
        return _kept[digest]

    def _first(self, field: str) -> tuple[str, _Text]:
        found = [(path, one.current) for path, one in self._all() if one.current.text]
        return found[0] if found else ("", _NONE)

    def _entry(self, part: str, name: str) -> tuple[str, _Entry]:
        for path, one in self._all():
            entries: Mapping[str, _Entry] = getattr(one, part)
            if name in entries:
                return path, entries[name]
        raise ParseError(f"there is no {_PARTS[part]} {name}")

    def _named(self, part: str, name: _Text) -> tuple[str, _Entry] | None:
        return self._entry(part, name.text) if name.text else None


def _absent(why: str) -> Answer:
    return Answer(Absent(why))


def _parsed(text: str) -> _File:
    roots = compose(text)
    if len(roots) > 1:
        raise ParseError("it holds several documents")
    if not roots or _is_null(roots[0]):
        return _File(_NONE, {}, {}, {})
    top = _table(roots[0])
    kind, version = _text(top.get("kind")), _text(top.get("apiVersion"))
    if kind.text not in ("", "Config") or version.text not in ("", "v1"):
        raise ParseError(f"it is a {kind.text} {version.text}, not a Config v1".replace("  ", " "))
    return _File(_text(top.get("current-context")), *(_entries(top, part, inner) for part, inner in _PARTS.items()))


def _entries(top: Mapping[str, yaml.Node], part: str, inner: str) -> dict[str, _Entry]:
    found: dict[str, _Entry] = {}
    for item in _items(top.get(part)):
        table = _table(item)
        name = _text(table.get("name"))
        if name.text in found:
            raise ParseError(f"two {part} are called {name.text}", name.line)
        body = _table(table[inner]) if inner in table and not _is_null(table[inner]) else {}
        found[name.text] = _Entry(name.line, {field: _text(body.get(field)) for field in _FIELDS[inner]})
    return found


def _items(node: yaml.Node | None) -> Iterator[yaml.Node]:
    if node is None or _is_null(node):
        return
    if not isinstance(node, yaml.SequenceNode):
        raise ParseError("a list is expected", _line(node))
    yield from node.value


def _table(node: yaml.Node) -> dict[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        raise ParseError("a table is expected", _line(node))
    return {name: value for name, (_, value) in members(node).items()}


def _text(node: yaml.Node | None) -> _Text:
    if node is None or _is_null(node):
        return _NONE
    if not isinstance(node, yaml.ScalarNode):
        raise ParseError("a text is expected", _line(node))
    plain = not node.style
    stamp = node.tag.endswith(":timestamp")  # which kubectl reads as the text that it is
    if not (node.tag.endswith(":str") or stamp) or (
        plain and _OTHERWISE.fullmatch(node.value[:1] + node.value[1:].replace("_", ""))
    ):
        raise ParseError(f"{node.value[:40]!r} is not a text: put it in quotes", _line(node))
    return _Text(node.value, _line(node))


def _is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag.endswith(":null")


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
