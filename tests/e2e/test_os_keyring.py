"""The installed command against a real gnome-keyring on a private bus."""

from pathlib import Path

import pytest

from keybound.domain.text.secret import Secret
from keybound.stores.base import Item
from support.keyring_session import in_session as run
from support.keyring_session import new_session
from support.secret_service import private_bus
from support.staging import CANARY


@pytest.fixture
def session(tmp_path: Path) -> dict[str, str]:
    return new_session(tmp_path)


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


def test_more_items_than_a_bus_answers_at_once(tmp_path: Path) -> None:
    """dbus-daemon allows 128 calls without a reply where its configuration says nothing else."""
    with private_bus(tmp_path / "run") as bus:
        bus.start_keyring()
        store = bus.store("0123456789ab")
        written = {Item("p", f"t{number}", "token"): Secret(f"text {number}") for number in range(150)}
        for item, text in written.items():
            store.write(item, text)
        assert store.items() == set(written)
        assert store.read(list(written)) == written
