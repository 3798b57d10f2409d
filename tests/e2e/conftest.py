"""The installed command on either store: the keyring of a private bus, or the embedded one."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from keybound.domain.text.secret import Secret
from keybound.stores.age import kernel_keyring
from support.providers import Authority, Provider, provider
from support.secret_service import Bus
from support.staging import CANARY, COMMAND, Run, furnish

_NOTHING = Secret("nothing")


@pytest.fixture(params=["keyring", "file"])
def store(request: pytest.FixtureRequest) -> str:
    """Which of the two."""
    if request.param == "file" and not kernel_keyring.put("keybound:test", _NOTHING, 1):
        pytest.skip("the kernel keeps no identity here, so the embedded store is unlocked each time")
    return str(request.param)


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[Bus]:
    """A session bus with a real gnome-keyring."""
    bus = Bus(tmp_path / "bus")
    bus.start_keyring()
    yield bus
    bus.close()


@pytest.fixture
def whole(request: pytest.FixtureRequest, environ: dict[str, str], store: str) -> dict[str, str]:
    """The environment of somebody who uses this store."""
    if store == "file":
        request.getfixturevalue("keybound")  # it opens the store, and locks it at the end
        return {**environ, "AWS_PROFILE": "staging"}
    bus: Bus = request.getfixturevalue("bus")
    kept = {
        name: value for name, value in environ.items() if name == "KEYBOUND_AGENT" or not name.startswith("KEYBOUND_")
    }
    address = {"DBUS_SESSION_BUS_ADDRESS": bus.environ["DBUS_SESSION_BUS_ADDRESS"]}
    return {**kept, **address, "AWS_PROFILE": "staging"}


@pytest.fixture
def run(whole: dict[str, str], tmp_path: Path) -> Run:
    """Run the installed command there."""

    def run(
        *arguments: str, given: bytes = b"", more: dict[str, str] | None = None
    ) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(
            [COMMAND, *arguments], input=given, capture_output=True, check=False, timeout=60,
            env={**whole, **(more or {})}, cwd=tmp_path, start_new_session=True,
        )  # fmt: skip

    return run


@pytest.fixture
def staged(run: Run, profiles: Path, home: Path) -> Path:
    """A home in which everything was released once; its state folder."""
    furnish(run, profiles, home)
    assert run("bind", "staging/github", "env:AWS_PROFILE", 'equals="staging"').returncode == 0
    assert run("use", "staging").returncode == 0
    assert run("exec", "--", "printenv", "GITHUB_TOKEN").stdout.strip() == CANARY
    return home / ".local" / "state" / "keybound"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Who signs the certificates of a file's servers."""
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture
def server(authority: Authority) -> Iterator[Provider]:
    """A provider over TLS."""
    with provider(authority) as made:
        yield made
