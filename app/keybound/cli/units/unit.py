"""Files that the system reads to start something by itself. They are written and removed; enabling is their owner's."""

import os
import sys
from collections.abc import Mapping
from typing import NamedTuple

from keybound.custody.context.home import Home
from keybound.custody.programs.detached import KEPT
from keybound.domain.errors import BadInputError, RefusedError
from keybound.stores.atomic import write_atomic
from keybound.stores.keyring.home_tag import home_tag

_OURS = "keybound.cli"  # stands in every text of ours
# what the system's own session gives, and gives anew at each login
_OF_SESSION = frozenset(["HOME", "USER", "LOGNAME", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"])
_UNSAFE = frozenset("\"'\\\n\t\r")  # in a program's path
_FOLDERS = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")


class File(NamedTuple):
    """One file and its text."""

    path: str
    text: str


class Unit(NamedTuple):
    """Files that belong together. ``links``: what enabling makes of them; ``enable`` and ``end``: commands."""

    files: tuple[File, ...]
    links: tuple[str, ...]
    enable: str
    end: str


def unit_name(name: str, environ: Mapping[str, str], home: Home) -> str:
    """A name for this home: another home than the user's first may have one too."""
    return f"{name}-{home_tag(home.config)}" if any(environ.get(one) for one in _FOLDERS) else name


def kept_variables(environ: Mapping[str, str]) -> dict[str, str]:
    """What of this environment must stand in the unit: where the home is, and how it is opened."""
    return {one: environ[one] for one in KEPT if one in environ and one not in _OF_SESSION}


def systemd_folder(environ: Mapping[str, str], home: Home) -> str:
    """Where a user's own units are read."""
    return os.path.join(environ.get("XDG_CONFIG_HOME") or os.path.join(home.user, ".config"), "systemd/user")


def systemd_command(*arguments: str) -> str:
    """``ExecStart`` of this very Python. Raises BadInputError where systemd could not start it."""
    if _UNSAFE & set(sys.executable):
        raise BadInputError("systemd starts no program with such a path", where=sys.executable)
    return " ".join([quoted(sys.executable), *arguments])


def systemd_environment(kept: Mapping[str, str]) -> str:
    """``Environment`` lines."""
    return "".join(f"Environment={quoted(f'{name}={value}')}\n" for name, value in kept.items())


def quoted(word: str) -> str:
    """A word of a systemd unit (systemd.syntax(7)); ``%`` begins a specifier there."""
    for plain, written in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("%", "%%")):
        word = word.replace(plain, written)
    return f'"{word}"'


def launchd_unit(name: str, environ: Mapping[str, str], home: Home, told: Mapping[str, object]) -> Unit:
    """A launchd agent (launchd.plist(5)) with this home's environment. ``told``: its other keys."""
    import plistlib

    path, domain = os.path.join(home.user, "Library/LaunchAgents", f"{name}.plist"), f"gui/{os.getuid()}"
    table = {"Label": name, "EnvironmentVariables": kept_variables(environ), "ProcessType": "Background", **told}
    text = plistlib.dumps(table).decode()
    return Unit((File(path, text),), (), f"launchctl bootstrap {domain} {path}", f"launchctl bootout {domain}/{name}")


def no_system() -> BadInputError:
    """What is said where nothing can be installed."""
    return BadInputError("this system has neither systemd nor launchd", hint="Everything works without it.")


def install(unit: Unit) -> None:
    """Write the files; enable nothing. Raises RefusedError where another file has such a name, UnavailableError."""
    for file in unit.files:
        _check_ours(file.path)
    for file in unit.files:
        os.makedirs(os.path.dirname(file.path), exist_ok=True)
        write_atomic(file.path, file.text.encode(), 0o644)


def uninstall(unit: Unit) -> bool:
    """Remove them, and what enabling made of them; False: there was none. Raises RefusedError where a file is another's."""
    for file in unit.files:
        _check_ours(file.path)
    found = [path for path in (*(file.path for file in unit.files), *unit.links) if os.path.lexists(path)]
    for path in found:
        os.unlink(path)
    return bool(found)


def _check_ours(path: str) -> None:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            ours = _OURS in file.read()
    except FileNotFoundError:
        return
    if not ours:
        raise RefusedError("this file is not Keybound's", where=path, hint="Move it away first.")
