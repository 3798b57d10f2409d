"""A script that bash runs in a session of its own, with a real gnome-keyring that is open."""

import os
import subprocess
import sys
from pathlib import Path

from support.programs_at_hand import needed

NEEDED = ("dbus-run-session", "gnome-keyring-daemon", "secret-tool")
_START = "printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1\n"


def new_session(folder: Path) -> dict[str, str]:
    """The environment of a home and a runtime folder below ``folder`` that nobody has used."""
    for name in NEEDED:
        needed(name)
    (folder / "run").mkdir(mode=0o700)
    (folder / "home").mkdir()
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    kept = {"LANG": "C.UTF-8", "KEYBOUND_AGENT": "off"}
    return {"PATH": path, "HOME": str(folder / "home"), "XDG_RUNTIME_DIR": str(folder / "run"), **kept}


def in_session(environ: dict[str, str], script: str) -> "subprocess.CompletedProcess[str]":
    """Run it, without a terminal."""
    return subprocess.run(
        ["dbus-run-session", "--", "bash", "-c", _START + script],
        env=environ, capture_output=True, text=True, timeout=120, check=False, start_new_session=True,
    )  # fmt: skip
