"""``cargo:registry``: the name of the registry that cargo publishes to and takes packages from unless told otherwise.

``CARGO_REGISTRY_DEFAULT``, else ``registry.default`` in ``.cargo/config`` or ``.cargo/config.toml`` of the folder or the
nearest parent that has it, else in ``CARGO_HOME`` (else ``~/.cargo``), else ``crates-io``. Of the two files in one folder
the one without a suffix is read. https://doc.rust-lang.org/cargo/reference/config.html#hierarchical-structure

Where a registry's index lies is not looked at; ``--config`` is not seen. Whether ``include`` counts depends on cargo's
version.
"""

import os
from collections.abc import Iterator, Mapping

from keybound.domain.values.readings import Found, Origin
from keybound.sources.files.nearest_file import upwards
from keybound.sources.parse_fault import ParseError
from keybound.sources.tools.base import Answer, Tool


class Cargo(Tool):
    """Reads ``cargo:registry``."""

    def _read(self, name: str) -> Answer:
        files = [(path, table, _default(path, table)) for path, table in self._tables()]
        if (given := self.given("CARGO_REGISTRY_DEFAULT")) is not None:
            return Answer(Found(given), Origin("CARGO_REGISTRY_DEFAULT"))
        for path, table, default in files:
            if default is not None:
                return Answer(Found(default), Origin(self._chosen_by(path), path))
            if "include" in table:
                raise ParseError(f"{path}: what it includes is not followed")
        return Answer(Found("crates-io"))

    def _chosen_by(self, path: str) -> str:
        given = self.variable("CARGO_HOME")
        return "CARGO_HOME" if given and os.path.dirname(path) == self.from_here(given) else ""

    def _paths(self) -> Iterator[str]:
        """The files, the one that counts most first."""
        given = self.variable("CARGO_HOME")
        home = self.from_here(given) if given else os.path.join(self.home, ".cargo")
        folders = [os.path.join(one, ".cargo") for one in upwards(os.path.realpath(self.caller.cwd))]
        for folder in dict.fromkeys([*folders, home]):
            old, usual = (os.path.join(folder, name) for name in ("config", "config.toml"))
            yield old if self.content(old) is not None else usual

    def _tables(self) -> Iterator[tuple[str, Mapping[str, object]]]:
        for path in self._paths():
            found = self.value(path, "toml")
            yield path, found if isinstance(found, Mapping) else {}


def _default(path: str, table: Mapping[str, object]) -> str | None:
    """What the file names; one that holds something else ends cargo, even where a nearer file counts."""
    registry = table.get("registry", {})
    value = registry.get("default") if isinstance(registry, Mapping) else registry
    if not (value is None or isinstance(value, str)) or not isinstance(registry, Mapping):
        raise ParseError(f"{path}: registry.default is not a text")
    return value
