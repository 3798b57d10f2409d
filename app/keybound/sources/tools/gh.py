"""``gh:`` keys: the host that gh works with outside a repository, and who it is there.

The host is ``GH_HOST``, else the only one in ``hosts.yml`` of ``GH_CONFIG_DIR`` (else ``XDG_CONFIG_HOME/gh``, else
``~/.config/gh``), else ``github.com``; the user is that host's there. https://cli.github.com/manual/gh_help_environment
and ``pkg/auth/auth.go``, ``pkg/config/config.go`` of go-gh. In a repository gh goes by its remotes: bind
``git:remote.origin.url``.

A token in a variable comes before ``hosts.yml``, and whose it is only the host can tell: then the user is unreadable.
"""

import os
from collections.abc import Mapping

from keybound.domain.values.keys import Member
from keybound.domain.values.readings import Absent, Found, Origin, Value
from keybound.sources.files.locate import line_of
from keybound.sources.parse_fault import ParseError
from keybound.sources.tools.base import Answer, Tool

GITHUB = "github.com"
_TOKENS = ("GH_TOKEN", "GITHUB_TOKEN")
_ENTERPRISE = ("GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN")


class Gh(Tool):
    """Reads ``gh:`` keys."""

    def _read(self, name: str) -> Answer:
        host, origin = self._host()
        if name == "host":
            return Answer(Found(host), origin)
        lower = host.lower()
        own = lower in (GITHUB, "localhost") or lower.endswith((f".{GITHUB}", ".github.localhost", ".ghe.com"))
        for variable in _TOKENS if own else _ENTERPRISE:
            if self.variable(variable):
                raise ParseError(f"{variable} is set, and whose it is only {host} can tell")
        entry = self._hosts().get(host)
        user = entry.get("user") if isinstance(entry, Mapping) else None
        if user is None or user == "":
            return Answer(Absent(f"nobody is logged in to {host}"))
        if not isinstance(user, str):
            raise ParseError(f"{self._path}: the user of {host} is not a text")
        return Answer(Found(user), Origin(origin.variable, self._path, self._line(host, "user")))

    def _host(self) -> tuple[str, Origin]:
        if given := self.variable("GH_HOST"):
            return given, Origin("GH_HOST")
        hosts = list(self._hosts())
        if len(hosts) == 1:
            return hosts[0], Origin(
                "GH_CONFIG_DIR" if self.variable("GH_CONFIG_DIR") else "", self._path, self._line(hosts[0])
            )
        return GITHUB, Origin()

    @property
    def _path(self) -> str:
        if given := self.variable("GH_CONFIG_DIR"):
            return os.path.join(self.caller.cwd, given, "hosts.yml")
        config = self.variable("XDG_CONFIG_HOME")
        return os.path.join(self.caller.cwd, config or os.path.join(self.home, ".config"), "gh", "hosts.yml")

    def _hosts(self) -> Mapping[str, Value]:
        found = self.value(self._path, "yaml")
        if found is not None and not isinstance(found, Mapping):
            raise ParseError(f"{self._path}: it is not a table of hosts")
        return found or {}

    def _line(self, *names: str) -> int:
        place = line_of(self._path, self.text(self._path) or "", [Member(name) for name in names], "yaml")
        return place[0] if place else 0
