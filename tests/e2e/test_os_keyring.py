"""The installed command against a real gnome-keyring on a private bus."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.programs_at_hand import needed
from support.staging import CANARY

NEEDED = ("dbus-run-session", "gnome-keyring-daemon", "secret-tool")


@pytest.fixture
def session(tmp_path: Path) -> dict[str, str]:
    for name in NEEDED:
        needed(name)
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700)
    home = tmp_path / "home"
    home.mkdir()
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    kept = {"LANG": "C.UTF-8", "KEYBOUND_AGENT": "off"}
    return {"PATH": path, "HOME": str(home), "XDG_RUNTIME_DIR": str(runtime), **kept}


def run(session: dict[str, str], script: str) -> "subprocess.CompletedProcess[str]":
    start = "printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1\n"
    return subprocess.run(
        ["dbus-run-session", "--", "bash", "-c", start + script],
        env=session, capture_output=True, text=True, timeout=120, check=False, start_new_session=True,
    )  # fmt: skip


ADD = f"""
keybound init
printf '%s\\n' {CANARY.decode()} | keybound add default/github --env GITHUB_TOKEN --bind 'settings.region equals="eu"' --yes
"""


def test_the_main_job_on_the_keyring(session: dict[str, str]) -> None:
    done = run(
        session,
        "keybound init; keybound profile set default settings.region eu --yes\n"
        + ADD
        + "keybound env default --shell bash\n"
        "secret-tool search --all application 'Python keyring library' 2>&1"
        " | grep -c '^attribute.service = keybound:default/github'\n"
        "keybound profile set default settings.region us --yes\nkeybound list\nkeybound env default --shell bash; echo rc=$?",
    )
    assert "Secrets are kept in the OS keyring" in done.stdout, done.stderr
    assert f"export GITHUB_TOKEN='{CANARY.decode()}'" in done.stdout
    assert "\n1\n" in done.stdout
    assert "expired" in done.stdout
    assert done.stdout.endswith("rc=1\n")


def test_a_locked_keyring_is_exit_3_and_never_a_missing_token(session: dict[str, str]) -> None:
    done = run(
        session,
        "keybound init; keybound profile set default settings.region eu --yes\n"
        + ADD
        + "keybound lock; keybound env default --shell bash; echo env=$?; keybound list; echo list=$?",
    )
    assert "env=3" in done.stdout, done.stderr
    assert "list=3" in done.stdout
    assert "missing" not in done.stdout
    assert "keybound unlock" in done.stderr
