"""``gcloud:`` keys: the active configuration, and its account and project.

The configuration is ``CLOUDSDK_ACTIVE_CONFIG_NAME``, else what ``active_config`` in ``CLOUDSDK_CONFIG`` (else
``~/.config/gcloud``) names, else ``default``; ``NONE`` is none. A property is ``CLOUDSDK_CORE_NAME``, else the
configuration's, else the installation's. https://cloud.google.com/sdk/docs/configurations and
``core/configurations/named_configs.py``, ``core/properties.py`` of the SDK.

On Compute Engine gcloud asks the metadata server for what is not set: that is not followed.
"""

import os
import re

from keybound.domain.values.readings import Absent, Found, Origin
from keybound.sources.parse_fault import ParseError
from keybound.sources.tools.base import Answer, Tool
from keybound.sources.tools.ini import INTERPOLATING, line_of, parse_ini, text_of

_NONE = "NONE"
_ENGINE = "/sys/class/dmi/id/product_name"


class Gcloud(Tool):
    """Reads ``gcloud:`` keys."""

    def _read(self, name: str) -> Answer:
        configuration, origin = self._configuration()
        path = os.path.join(self._folder, "configurations", f"config_{configuration}")
        own = self._property(path, name, origin.variable) if configuration != _NONE else None
        if name == "configuration":
            return Answer(Found(configuration), origin)
        variable = f"CLOUDSDK_CORE_{name.upper()}"
        if (given := self.given(variable)) is not None:
            return self._found(given, Origin(variable))
        return self._found(*own) if own else self._installed(name)

    def _installed(self, name: str) -> Answer:
        found = self._property(self._installation(), name, "")
        return self._found(*found) if found else self._unset(name)

    def _found(self, value: str, origin: Origin) -> Answer:
        if not value:
            raise ParseError(f"{origin.variable or origin.path}: it is empty, which gcloud refuses")
        return Answer(Found(value), origin)

    @property
    def _folder(self) -> str:
        given = self.variable("CLOUDSDK_CONFIG")
        return os.path.join(self.caller.cwd, given) if given else os.path.join(self.home, ".config", "gcloud")

    def _configuration(self) -> tuple[str, Origin]:
        if given := self.variable("CLOUDSDK_ACTIVE_CONFIG_NAME"):
            if "/" in given:
                raise ParseError("CLOUDSDK_ACTIVE_CONFIG_NAME is not the name of a configuration")
            return given, Origin("CLOUDSDK_ACTIVE_CONFIG_NAME")
        path = os.path.join(self._folder, "active_config")
        name = self.text(path)
        if not name:
            old = os.path.join(self._folder, "properties")
            if self.content(old) is not None:
                raise ParseError(f"{old}: it is of an old version, and gcloud would take it over")
            return "default", Origin()
        if name != _NONE and not re.fullmatch(r"[a-z][-a-z0-9]*", name):
            raise ParseError(f"{path}: it does not hold the name of a configuration")
        return name, Origin("", path, 1)

    def _property(self, path: str, name: str, by: str) -> tuple[str, Origin] | None:
        """A file's property; a file that is broken ends gcloud, whatever is asked."""
        content = self.content(path)
        value = parse_ini(path, content, INTERPOLATING).get("core", {}).get(name)
        if value is None:
            return None
        return value, Origin(by, path, line_of(text_of(path, content), "core", name))

    def _installation(self) -> str:
        """The properties of everybody who uses this installation."""
        program = os.path.realpath(self.which("gcloud"))
        root = os.path.dirname(os.path.dirname(program))
        if not os.path.isdir(os.path.join(root, "lib", "googlecloudsdk")):
            raise ParseError(f"{program} only stands for gcloud, so the properties of its installation are not known")
        return os.path.join(root, "properties")

    def _unset(self, name: str) -> Answer:
        noted = os.path.join(self._folder, "gce")  # whether this is Compute Engine, as gcloud last found
        engine, known = self.content(_ENGINE), self.content(noted)
        if (engine and engine.data.startswith(b"Google Compute Engine")) or (known and known.data.strip() != b"False"):
            raise ParseError(f"no {name} is set, so gcloud asks Compute Engine for one ({noted})")
        return Answer(Absent(f"no {name} is set"))
