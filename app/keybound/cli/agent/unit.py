"""What the system starts at login: a systemd user unit; on macOS, which has no agent, a launchd plist that runs ``watch``."""

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
_SYSTEMD = """[Unit]
Description=Keybound: answer releases, and watch the tokens
StartLimitIntervalSec=60
StartLimitBurst=5

[Service]
ExecStart={command}
{environment}Restart=on-failure
RestartSec=5

[Install]
WantedBy=default.target
"""


class Unit(NamedTuple):
    """A file that the system reads at login. ``links``: what enabling makes of it; ``enable`` and ``end``: commands."""

    path: str
    text: str
    links: tuple[str, ...]
    enable: str
    end: str


def unit_of(platform: str, environ: Mapping[str, str], home: Home) -> Unit:
    """The unit of this home. ``platform``: as ``sys.platform``. Raises BadInputError where the system cannot have one."""
    own = any(environ.get(name) for name in _FOLDERS)  # another home than the user's first may have one too
    name = f"keybound-agent-{home_tag(home.config)}" if own else "keybound-agent"
    kept = {one: environ[one] for one in KEPT if one in environ and one not in _OF_SESSION}
    if platform == "linux":
        return _systemd(name, kept, environ.get("XDG_CONFIG_HOME") or os.path.join(home.user, ".config"))
    if platform == "darwin":
        return _launchd(name, kept, home.user)
    raise BadInputError("this system has neither systemd nor launchd", hint="Everything works without the agent.")


def _systemd(name: str, kept: Mapping[str, str], config: str) -> Unit:
    folder = os.path.join(config, "systemd/user")
    if _UNSAFE & set(sys.executable):
        raise BadInputError("systemd starts no program with such a path", where=sys.executable)
    command = f"{_quoted(sys.executable)} -I -m keybound.cli.agent.server --service"
    environment = "".join(f"Environment={_quoted(f'{one}={value}')}\n" for one, value in kept.items())
    file = f"{name}.service"
    return Unit(
        os.path.join(folder, file),
        _SYSTEMD.format(command=command, environment=environment),
        (os.path.join(folder, "default.target.wants", file),),
        f"systemctl --user enable --now {file}",
        f"systemctl --user stop {file}",
    )


def _quoted(word: str) -> str:
    """A word of a systemd unit (systemd.syntax(7)); ``%`` begins a specifier there."""
    for plain, written in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("%", "%%")):
        word = word.replace(plain, written)
    return f'"{word}"'


def _launchd(name: str, kept: Mapping[str, str], user: str) -> Unit:
    import plistlib

    path, domain = os.path.join(user, "Library/LaunchAgents", f"{name}.plist"), f"gui/{os.getuid()}"
    text = plistlib.dumps(
        {
            "Label": name,
            "ProgramArguments": [sys.executable, "-I", "-m", "keybound.cli", "watch"],
            "EnvironmentVariables": dict(kept),
            "RunAtLoad": True,
            "KeepAlive": {"SuccessfulExit": False},
            "ThrottleInterval": 60,
            "ProcessType": "Background",
        }
    ).decode()
    return Unit(path, text, (), f"launchctl bootstrap {domain} {path}", f"launchctl bootout {domain}/{name}")


def install(unit: Unit) -> None:
    """Write it; enable nothing. Raises RefusedError where another file has its name, UnavailableError."""
    _check_ours(unit)
    os.makedirs(os.path.dirname(unit.path), exist_ok=True)
    write_atomic(unit.path, unit.text.encode(), 0o644)


def uninstall(unit: Unit) -> bool:
    """Remove it, and what enabling made of it; False: there was none. Raises RefusedError where the file is another's."""
    _check_ours(unit)
    found = [path for path in (unit.path, *unit.links) if os.path.lexists(path)]
    for path in found:
        os.unlink(path)
    return bool(found)


def _check_ours(unit: Unit) -> None:
    try:
        with open(unit.path, encoding="utf-8", errors="replace") as file:
            ours = _OURS in file.read()
    except FileNotFoundError:
        return
    if not ours:
        raise RefusedError("this file is not Keybound's", where=unit.path, hint="Move it away first.")
