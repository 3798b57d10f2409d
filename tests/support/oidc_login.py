"""A profile with a token of OAuth, and a person who logs in to it."""

import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from support.oidc import OpenIdServer
from support.staging import COMMAND, REST

PROFILE = """schema = 1

[tokens.api]
env = "API_TOKEN"
refresh = {{ oauth = {{ issuer = "{issuer}", client_id = "keybound", scopes = ["openid", "offline_access"] }} }}
revoke = {{ provider = true }}
"""


def write(profiles: Path, server: OpenIdServer) -> None:
    profiles.mkdir(parents=True, exist_ok=True)
    (profiles.parent / "config.toml").write_text(f'[network]\nca = "{server.authority.path}"\n')
    (profiles / "p.toml").write_text(PROFILE.format(issuer=server.issuer))
    time.sleep(REST)


def log_in(
    environ: dict[str, str], server: OpenIdServer, *, agree: bool = True, program: Sequence[str] = (COMMAND,)
) -> tuple[int, str, str]:
    """``keybound login``, with a person who enters the code."""
    command = [*program, "login", "p/api", "--no-browser"]
    with subprocess.Popen(
        command,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as child:
        assert child.stdout is not None
        said = child.stdout.readline()
        if "code" in said:
            server.ask(f"{'approve' if agree else 'decline'}?code={said.split()[-1]}")
        out, err = child.communicate(timeout=60)
    return child.returncode, said + out, err
