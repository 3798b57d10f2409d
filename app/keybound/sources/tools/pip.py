"""``pip:`` keys: the indexes that ``pip install`` takes packages from.

``PIP_INDEX_URL`` first; then the section ``[install]``, then ``[global]``, each as the last of these files has it: those
of all users (``XDG_CONFIG_DIRS`` and ``/etc``), the user's (``~/.pip/pip.conf``, ``XDG_CONFIG_HOME/pip/pip.conf``; not
where ``PIP_CONFIG_FILE`` names a file that is there), ``pip.conf`` in the environment of the pip on PATH,
``PIP_CONFIG_FILE``; where that is ``/dev/null``, none. Empty values do not count.
https://pip.pypa.io/en/stable/topics/configuration/ and pip's ``configuration.py``, ``cli/parser.py``.

Not seen: options, requirements files, ``no-index``, other sections (``[download]``), and a pip that is started otherwise.
"""

import os
import re
from collections.abc import Iterator
from typing import NamedTuple

from keybound.domain.values.readings import Found, Origin
from keybound.sources.parse_fault import ParseError
from keybound.sources.tools.base import Answer, Tool
from keybound.sources.tools.ini import line_of, parse_ini, text_of

PYPI = "https://pypi.org/simple"
_SPELT = {"index-url": ("index-url", "pypi-url"), "extra-index-url": ("extra-index-url",)}


class _Setting(NamedTuple):
    value: str
    origin: Origin


class _UnknownPlaceError(ParseError):
    """Where the pip on PATH has its environment is not known."""


class Pip(Tool):
    """Reads ``pip:`` keys."""

    def _read(self, name: str) -> Answer:
        setting = self._variable(name)
        try:
            in_files = self._in_files(name)  # a file that is broken ends pip, whatever a variable says
            setting = setting or in_files
        except _UnknownPlaceError:
            if setting is None:
                raise
        if name == "index-url":
            return Answer(Found(setting.value), setting.origin) if setting else Answer(Found(PYPI))
        return Answer(Found(setting.value.split()), setting.origin) if setting else Answer(Found([]))

    def _variable(self, name: str) -> _Setting | None:
        for spelt in _SPELT[name]:
            self.given(f"PIP_{spelt.replace('-', '_').upper()}")
        found = [
            _Setting(value, Origin(variable))
            for variable, value in self.caller.environ.items()
            if variable.startswith("PIP_") and _normal(variable[4:]) in _SPELT[name] and value
        ]
        if len({one.value for one in found}) > 1:
            raise ParseError(f"{' and '.join(one.origin.variable for one in found)} differ")
        return found[0] if found else None

    def _in_files(self, name: str) -> _Setting | None:
        merged: dict[str, dict[str, _Setting]] = {"global": {}, "install": {}}
        for path in self._paths():
            content = self.content(path)
            for section, options in parse_ini(path, content).items():
                if section in merged:
                    merged[section] |= {
                        _normal(option): _Setting(value, Origin("", path)) for option, value in options.items()
                    }
        for section in ("install", "global"):
            hits = [one for option, one in merged[section].items() if option in _SPELT[name] and one.value]
            if hits:
                return self._placed(hits[-1], section, name)
        return None

    def _placed(self, setting: _Setting, section: str, name: str) -> _Setting:
        path = setting.origin.path
        line = line_of(text_of(path, self.content(path)), section, name, fold="_")
        by = "PIP_CONFIG_FILE" if self.variable("PIP_CONFIG_FILE") and path == self._given else ""
        return setting._replace(origin=Origin(by, path, line))

    @property
    def _given(self) -> str:
        return os.path.join(self.caller.cwd, self.variable("PIP_CONFIG_FILE"))

    def _paths(self) -> Iterator[str]:
        """The files, the last one counts most."""
        given = self.given("PIP_CONFIG_FILE")
        if given == os.devnull:
            return
        for folder in (self.variable("XDG_CONFIG_DIRS").strip() or "/etc/xdg").split(":"):
            yield os.path.join(self.caller.cwd, self._expanded(folder.rstrip("/")), "pip", "pip.conf")
        yield "/etc/pip.conf"
        if not given or self.content(self._given) is None:
            yield os.path.join(self.home, ".pip", "pip.conf")
            config = self.variable("XDG_CONFIG_HOME")
            yield os.path.join(self.caller.cwd, config if config.strip() else f"{self.home}/.config", "pip", "pip.conf")
        yield os.path.join(self._prefix(), "pip.conf")
        if given:
            yield self._given

    def _expanded(self, folder: str) -> str:
        return os.path.join(self.home, folder[2:]) if folder.startswith("~/") else folder

    def _prefix(self) -> str:
        """The environment of the pip on PATH: its own folder, or that of the Python which its first line names."""
        if self.variable("PYTHONHOME"):
            raise _UnknownPlaceError("PYTHONHOME is set, so pip's environment is not known")
        program = self.which("pip")
        if self.is_file(os.path.join(folder := os.path.dirname(os.path.dirname(program)), "pyvenv.cfg")):
            return folder
        content = self.content(program)
        found = re.match(rb"#!\s*(/[^\s]*/python[0-9.]*)\s", content.data[:400] if content else b"")
        if found is None:
            raise _UnknownPlaceError(f"{program} only stands for pip, so its environment is not known")
        python = os.fsdecode(found[1])
        if self.is_file(os.path.join(folder := os.path.dirname(os.path.dirname(python)), "pyvenv.cfg")):
            return folder
        return os.path.dirname(os.path.dirname(os.path.realpath(python)))


def _normal(name: str) -> str:
    return name.lower().replace("_", "-").removeprefix("--")
