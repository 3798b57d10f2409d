"""Every program that is started, as the kernel sees it: the secret is in nobody's arguments, and only in the environment
of the command that it was released to."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from support.programs_at_hand import needed
from support.staging import CANARY, furnish

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
KEYBOUND = str(Path(sys.executable).with_name("keybound"))


def started(environ: dict[str, str], log: Path, *arguments: str, given: bytes = b"") -> list[bytes]:
    """The calls that start a program, arguments and environment unabbreviated, while keybound runs."""
    command = ["strace", "-f", "-v", "-s", "1000000", "-e", "trace=execve", "-o", str(log), KEYBOUND, *arguments]
    subprocess.run(command, env=environ, input=given, capture_output=True, check=False, timeout=120)
    return [line for line in log.read_bytes().splitlines() if b"execve(" in line]


def test_the_secret_is_in_no_other_program(
    keybound: Run, environ: dict[str, str], profiles: Path, home: Path, tmp_path: Path
) -> None:
    needed("strace")
    furnish(keybound, profiles, home)
    log, other = tmp_path / "calls", b"second-" + CANARY
    passphrase = Path(environ["KEYBOUND_PASSWORD_FILE"])
    asks = {**environ, "KEYBOUND_PASSWORD_FILE": "", "KEYBOUND_PASSWORD_COMMAND": f"cat {passphrase}"}
    calls: list[bytes] = []
    for arguments, given in (
        (("add", "staging/new", "--env", "NEW"), other),
        (("refresh", "staging/new"), other),
        (("env", "staging", "--shell", "bash"), b""),
        (("list",), b""),
        (("hook-step", "bash", f"{home}/.local/state/keybound/hooks/1-1"), b""),
    ):
        keybound("lock")
        calls += started({**asks, "KEYBOUND_PROFILE": "staging"}, log, *arguments, given=given)
    assert sum(b"/cat" in call for call in calls) >= 5  # children there were
    assert [call for call in calls if CANARY in call] == []
    keybound("lock")
    calls = started(asks, log, "exec", "staging", "--", "sh", "-c", ":")
    holding = [call.partition(b"], [") for call in calls if CANARY in call]
    assert len([rest for _, _, rest in holding if rest.endswith(b"= 0")]) == 1
    for before, _, rest in holding:  # the shell's search along PATH too
        assert b'"sh", "-c", ":"' in before
        assert CANARY not in before
        assert b"KEYBOUND_PASSWORD" not in rest
