"""What is due, done every hour though nothing of Keybound runs: a systemd timer with its service, or a launchd plist."""

import os
import sys
from collections.abc import Mapping

from keybound.cli.units.unit import (
    File,
    Unit,
    kept_variables,
    launchd_unit,
    no_system,
    systemd_command,
    systemd_environment,
    systemd_folder,
    unit_name,
)
from keybound.custody.context.home import Home

_EVERY_S = 3600
_SERVICE = """[Unit]
Description=Keybound: refresh, revoke and probe what is due

[Service]
Type=oneshot
ExecStart={command}
{environment}TimeoutStartSec=600
"""
_TIMER = """# Written by keybound.cli: keybound watch --install
[Unit]
Description=Keybound: what is due, every hour

[Timer]
OnStartupSec=2min
OnUnitActiveSec={every}s
RandomizedDelaySec=60
Persistent=true
Unit={service}

[Install]
WantedBy=timers.target
"""


def timer_unit(platform: str, environ: Mapping[str, str], home: Home) -> Unit:
    """The timer of this home. ``platform``: as ``sys.platform``. Raises BadInputError where the system cannot have one."""
    name = unit_name("keybound-due", environ, home)
    if platform == "darwin":
        command = [sys.executable, "-I", "-m", "keybound.cli", "refresh", "--due"]
        told = {"ProgramArguments": command, "RunAtLoad": True, "StartInterval": _EVERY_S}
        return launchd_unit(name, environ, home, told)
    if platform != "linux":
        raise no_system()
    folder, service, timer = systemd_folder(environ, home), f"{name}.service", f"{name}.timer"
    start = systemd_command("-I", "-m", "keybound.cli", "refresh", "--due")
    text = _SERVICE.format(command=start, environment=systemd_environment(kept_variables(environ)))
    return Unit(
        (
            File(os.path.join(folder, service), text),
            File(os.path.join(folder, timer), _TIMER.format(every=_EVERY_S, service=service)),
        ),
        (os.path.join(folder, "timers.target.wants", timer),),
        f"systemctl --user enable --now {timer}",
        f"systemctl --user stop {timer}",
    )
