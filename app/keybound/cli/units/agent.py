"""The agent from login on: a systemd user unit; on macOS, which has no agent, a launchd plist that runs ``watch``."""

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


def agent_unit(platform: str, environ: Mapping[str, str], home: Home) -> Unit:
    """The unit of this home. ``platform``: as ``sys.platform``. Raises BadInputError where the system cannot have one."""
    name = unit_name("keybound-agent", environ, home)
    if platform == "darwin":
        command = [sys.executable, "-I", "-m", "keybound.cli", "watch"]
        again = {"KeepAlive": {"SuccessfulExit": False}, "ThrottleInterval": 60}
        return launchd_unit(name, environ, home, {"ProgramArguments": command, "RunAtLoad": True, **again})
    if platform != "linux":
        raise no_system()
    folder, file = systemd_folder(environ, home), f"{name}.service"
    start = systemd_command("-I", "-m", "keybound.cli.agent.server", "--service")
    text = _SYSTEMD.format(command=start, environment=systemd_environment(kept_variables(environ)))
    return Unit(
        (File(os.path.join(folder, file), text),),
        (os.path.join(folder, "default.target.wants", file),),
        f"systemctl --user enable --now {file}",
        f"systemctl --user stop {file}",
    )
