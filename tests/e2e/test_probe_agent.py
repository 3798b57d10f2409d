"""The agent probes what is due, behind the proxy of whoever started it, and nobody has to ask."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from keybound.domain.text.secret import Secret
from keybound.stores.age import kernel_keyring
from support.agents import comes, runner, started, with_agents
from support.asked import every_provider
from support.providers import Authority, Provider, Reply
from support.staging import Run

SECRET = b"ghp_" + b"a" * 36
FEW = Reply({"login": "octo"}, headers={"X-OAuth-Scopes": "repo"})


@pytest.fixture
def internet(keybound: Run, environ: dict[str, str], tmp_path: Path) -> Iterator[Provider]:
    if not kernel_keyring.put("keybound:test", Secret("nothing"), 1):
        pytest.skip("the kernel keeps no identity here, so the embedded store is unlocked each time")
    with every_provider(environ, Authority(tmp_path / "ca")) as made:
        made.answer(FEW)
        assert keybound("init").returncode == 0
        bind = 'carried.scopes subset_of=["repo"] outside=expire'
        kind = ("--kind", "github", "--scope", "repo")
        done = keybound("add", "github", "--env", "GITHUB", *kind, "--bind", bind, "--yes", given=SECRET)
        assert done.returncode == 0, done.stderr
        yield made


def kinds(home: Path) -> list[str]:
    """Events, read from the journal's files, so that nothing is looked at."""
    folder = home / ".local/state/keybound/journal"
    return [
        json.loads(line)["kind"] for path in sorted(folder.glob("*.jsonl")) for line in path.read_text().splitlines()
    ]


def test_an_agent_probes_what_is_due_and_expires_what_went_too_far(
    keybound: Run, environ: dict[str, str], home: Path, internet: Provider, tmp_path: Path
) -> None:
    assert keybound("set", "github", "probe.every", "1d", "--yes").returncode == 0
    internet.answer(Reply({"login": "octo"}, headers={"X-OAuth-Scopes": "repo, admin:org"}))
    with with_agents(environ) as aided:
        started(runner(aided, tmp_path))
        assert comes(lambda: "expired" in kinds(home)), kinds(home)
    found = kinds(home)
    assert found.index("scopes") < found.index("expired")
    assert internet.connects[-1] == "api.github.com:443"
