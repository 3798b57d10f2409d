"""``npm:`` keys: the registry, and a scope's, as npm would use them.

Variables ``npm_config_*`` first (in any case, empty ones do not count), then the project's ``.npmrc``, the user's, the global
one and npm's own, then the default. The project is the nearest folder with a ``package.json`` or ``node_modules``; where it is
a workspace, the root that lists it. https://docs.npmjs.com/cli/v11/configuring-npm/npmrc and ``lib/index.js`` of
``@npmcli/config``. Each layer may say where the next file lies (``userconfig``, ``globalconfig``, ``prefix``).

A scope without a registry of its own has the default one. Not seen: ``publishConfig`` in package.json, options.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from keybound.domain.values.readings import Found, Origin
from keybound.sources.caller import Caller
from keybound.sources.files.nearest_file import upwards
from keybound.sources.files.snapshot import Snapshot
from keybound.sources.parse_fault import ParseError
from keybound.sources.tools.base import Answer, Tool
from keybound.sources.tools.npmrc import Setting, names_in, replaced, settings

REGISTRY = "https://registry.npmjs.org/"
_PREFIX = "npm_config_"
_LEADING = frozenset({"userconfig", "globalconfig", "prefix", "global", "location"})
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#\s]+.*")
_MAGIC = re.compile(r"[\[\]{}()?!\\+@|]")  # in a pattern of workspaces: what is not followed


class _Layer(NamedTuple):
    """Where settings come from: a file's path, or "" for variables, whose names are then in ``named``."""

    path: str
    settings: Mapping[str, Setting]
    named: Mapping[str, str]


class Npm(Tool):
    """Reads ``npm:`` keys."""

    def __init__(self, caller: Caller, snapshot: Snapshot) -> None:
        super().__init__(caller, snapshot)
        self._read_layers: list[_Layer] = []
        self._next = self._make_layers()
        self._fault: ParseError | None = None

    def _read(self, name: str) -> Answer:
        found = self._find(name)
        if found is None and name != "registry":
            found = self._find(name := "registry")
        if found is None:
            return Answer(Found(REGISTRY))
        layer, setting = found
        origin = Origin("", layer.path, setting.line) if layer.path else Origin(layer.named[name])
        value = setting.value
        if not isinstance(value, str) or not _URL.fullmatch(value):
            raise ParseError(f"{origin.path or origin.variable}: it is not a URL, so npm may pass it over")
        return Answer(Found(value), origin)

    def more_names(self) -> Iterable[str]:
        """The scopes that have a registry of their own."""
        names = {name for layer in self._layers() for name in layer.settings}
        return sorted(name for name in names if re.fullmatch(r"@[^/:\s]+:registry", name))

    def _find(self, name: str) -> tuple[_Layer, Setting] | None:
        self._note(name)
        return next(((one, one.settings[name]) for one in self._layers() if name in one.settings), None)

    def _text(self, name: str) -> str:
        """A setting that leads to a file, of the layers read so far; "" for none."""
        self._note(name)
        for layer in self._read_layers:
            if name in layer.settings:
                value = layer.settings[name].value
                if not isinstance(value, str):
                    raise ParseError(f"{name} is not a path")
                return value
        return ""

    def _note(self, name: str) -> None:
        """Either spelling of the variable may be set later; a shell can set none for a scope."""
        if name.isalpha():
            for spelt in (f"{_PREFIX}{name}", f"{_PREFIX}{name}".upper()):
                self.given(spelt)

    def _layers(self) -> Iterator[_Layer]:
        """The layers, first to last; a file is read only once nothing before it has what is sought."""
        number = 0
        while number < len(self._read_layers) or self._more():
            yield self._read_layers[number]
            number += 1

    def _more(self) -> bool:
        if self._fault is not None:
            raise self._fault
        try:
            layer = next(self._next, None)
        except ParseError as fault:
            self._fault = fault
            raise
        if layer is not None:
            self._read_layers.append(layer)
        return layer is not None

    def _make_layers(self) -> Iterator[_Layer]:
        yield self._variables()
        if not self._global_mode():
            project = os.path.join(self._project(), ".npmrc")
            if project != self._user():
                yield self._file(project)
        yield self._file(self._user())
        npm = self._package()
        own = self._file(os.path.join(npm, "npmrc"))
        yield self._file(self._global(own))
        yield own

    def _user(self) -> str:
        return self._path(self._text("userconfig")) or os.path.normpath(os.path.join(self.home, ".npmrc"))

    def _variables(self) -> _Layer:
        found: dict[str, Setting] = {}
        named: dict[str, str] = {}
        for variable, value in self.caller.environ.items():
            if not value or not variable.lower().startswith(_PREFIX):
                continue
            name = variable[len(_PREFIX) :]
            if not name.startswith("//"):
                name = name[:1] + name[1:].replace("_", "-")
                name = name.lower()
            differ = name in found and found[name].value != self._value(value)
            if differ and (name in _LEADING or name.endswith("registry")):
                raise ParseError(f"{named[name]} and {variable} differ")
            found[name], named[name] = Setting(self._value(value), 0), variable
        return _Layer("", found, named)

    def _file(self, path: str) -> _Layer:
        content = self.content(path)
        try:
            text = content.data.decode() if content else ""
        except UnicodeDecodeError:
            raise ParseError(f"{path}: it is not UTF-8 text") from None
        found = {
            self._replaced(name): setting._replace(value=self._value(setting.value))
            for name, setting in settings(text).items()
        }
        return _Layer(path, found, {})

    def _value(self, value: object) -> object:
        if not isinstance(value, str):
            return value
        value = value.strip()
        words = {"true": True, "false": False, "null": None, "undefined": None}
        return words[value] if value in words else self._replaced(value)

    def _replaced(self, text: str) -> str:
        for name in names_in(text):
            if re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII):
                self.given(name)
        return replaced(text, self.caller.environ)

    def _path(self, text: str) -> str:
        if not text:
            return ""
        return os.path.normpath(os.path.join(self.home, text[2:])) if text.startswith("~/") else self.from_here(text)

    def _global_mode(self) -> bool:
        for name in ("global", "location"):
            self._note(name)
        given = self._read_layers[0].settings
        return any(name in given and given[name].value == on for name, on in (("global", True), ("location", "global")))

    def _project(self) -> str:
        folders = upwards(os.path.realpath(self.caller.cwd))
        for number, folder in enumerate(folders):
            package = self.is_file(os.path.join(folder, "package.json"))
            if package or self.is_folder(os.path.join(folder, "node_modules")):
                return self._root(folder, folders[number + 1 :]) if package else folder
        return folders[0]

    def _root(self, project: str, above: Iterable[str]) -> str:
        """The folder above whose package.json lists the project as a workspace; else the project."""
        for folder in above:
            path = os.path.join(folder, "package.json")
            if self.is_file(path) and self._lists(path, os.path.relpath(project, folder)):
                return folder
        return project

    def _lists(self, path: str, project: str) -> bool:
        package = self.value(path, "json")
        listed = package.get("workspaces") if isinstance(package, Mapping) else None
        if isinstance(listed, Mapping) and isinstance(listed.get("packages"), list):
            listed = listed["packages"]
        if not listed:
            return False
        if not isinstance(listed, list) or not all(isinstance(one, str) and not _MAGIC.search(one) for one in listed):
            raise ParseError(f"{path}: its workspaces are not followed: they are more than names and *")
        return any(_matches(re.sub(r"^\.?/+", "", str(one)), project) for one in listed)

    def _package(self) -> str:
        """The folder of npm itself."""
        program = os.path.realpath(self.which("npm"))
        if os.path.basename(program) != "npm-cli.js":
            raise ParseError(f"{program} only stands for npm, so which one starts, and its global npmrc, are not known")
        return os.path.dirname(os.path.dirname(program))

    def _global(self, own: _Layer) -> str:
        self._read_layers.append(own)  # it may say where the global one lies, but after all others
        try:
            given, prefix = self._path(self._text("globalconfig")), self._path(self._text("prefix"))
        finally:
            self._read_layers.pop()
        return given or os.path.join(prefix or self._default_prefix(), "etc", "npmrc")

    def _default_prefix(self) -> str:
        if prefix := self.variable("PREFIX"):
            return self.from_here(prefix)
        node = os.path.realpath(self.which("node"))
        if os.path.basename(node) not in ("node", "nodejs"):
            raise ParseError(f"{node} only stands for node, so npm's global npmrc is not known")
        prefix, dest = os.path.dirname(os.path.dirname(node)), self.variable("DESTDIR")
        return self.from_here(os.path.join(dest, prefix.lstrip("/"))) if dest else prefix


def _matches(pattern: str, path: str) -> bool:
    """Whether a pattern of ``*`` and ``**`` matches the folder as a whole, as npm's ``glob`` has it."""
    return "node_modules" not in path.split("/") and _parts_match(
        [part for part in pattern.split("/") if part not in ("", ".")], path.split("/")
    )


def _parts_match(pattern: list[str], parts: list[str]) -> bool:
    if not pattern:
        return not parts
    if pattern[0] == "**":
        dotted = bool(parts) and parts[0].startswith(".")
        return _parts_match(pattern[1:], parts) or (bool(parts) and not dotted and _parts_match(pattern, parts[1:]))
    if not parts or (parts[0].startswith(".") and not pattern[0].startswith(".")):
        return False
    regex = ".*".join(map(re.escape, pattern[0].split("*")))
    return re.fullmatch(regex, parts[0]) is not None and _parts_match(pattern[1:], parts[1:])
