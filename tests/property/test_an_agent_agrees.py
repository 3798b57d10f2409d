"""What an agent hands over is what the direct way would hand over, whatever was edited before.

``KEYBOUND_ROUNDS=2000`` runs as many; a failure names its seed and the edits.
"""

import ast
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator

import pytest

from keybound.cli.client import client
from support.agents import asked, begun
from support.random_edits import Edits
from support.rounds import rounds
from support.two_ways import Handed, in_full

ROUNDS = rounds(40, 3, "KEYBOUND_ROUNDS")
_SERVE = "from keybound.domain.guard import guard; guard.SETTLE_NS = 0; from keybound.cli.agent import server; server.serve()"


@pytest.fixture
def runtime(environ: dict[str, str], fresh: Callable[[int], Edits]) -> Iterator[str]:
    """The runtime folder of an agent that waits for no file to rest, as nobody does here."""
    fresh(0)
    folder = tempfile.mkdtemp(prefix="kb-")
    aided = {name: value for name, value in environ.items() if name != "KEYBOUND_AGENT"} | {"XDG_RUNTIME_DIR": folder}
    agent = begun(_SERVE, aided)
    yield folder
    agent.terminate()
    agent.wait()
    shutil.rmtree(folder)


def by_the_agent(environ: dict[str, str], cwd: str, runtime: str) -> dict[str, bytes] | int | None:
    """The environment of the command; the exit status where there is no command; None: the direct way decides."""
    aided = {name: value for name, value in environ.items() if name != "KEYBOUND_AGENT"} | {"XDG_RUNTIME_DIR": runtime}
    answer = ast.literal_eval(asked(["exec", "child", "--", "true"], aided, cwd))
    if answer is None:
        return None
    if answer[0] == client.ENDED:
        return int(answer[1])
    environment = (entry.split(b"=", 1) for entry in answer[6 + int(answer[5]) :])
    return {name.decode(): value for name, value in environment}


def agrees(mine: dict[str, bytes] | int, whole: Handed | None) -> bool:
    """Whether an agent's answer is that of the direct way."""
    if whole is None or isinstance(mine, int):
        return whole is None and isinstance(mine, int) and mine != 0
    expected = {name: text.encode() for name, text in whole.plain.items()}
    expected |= {name: value for name, (_, value) in whole.secrets.items()}
    more = {value for name, value in mine.items() if name not in expected and value.startswith(b"secret of")}
    return not more and all(mine.get(name) == value for name, value in expected.items())


def test_an_agent_gives_what_the_direct_way_gives(fresh: Callable[[int], Edits], runtime: str) -> None:
    begun = random.SystemRandom().randrange(10**6)
    answered, edits, stale = 0, fresh(begun), False
    for seed in range(begun, begun + ROUNDS):
        if stale:
            edits = fresh(seed)
        done = [edits.one() for _ in range(edits.chance.randint(1, 3))]
        mine = by_the_agent(edits.environ, edits.cwd, runtime)
        whole = in_full(edits.environ, edits.cwd)
        assert mine is None or agrees(mine, whole), f"seed {seed}: {done}: {mine} is not {whole}"
        answered += mine is not None
        stale = whole is None
    assert answered > ROUNDS // 4  # it was asked, and not passed over each time
