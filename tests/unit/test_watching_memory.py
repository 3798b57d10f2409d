"""What watching may not take from memory: a verdict that time ends, a page that another policy refuses, another caller."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from keybound.custody.context.context import Context
from keybound.custody.evaluation.evaluate import Evaluation
from keybound.custody.evaluation.evaluation_cache import EvaluationCache
from keybound.custody.tokens.add import NewDefinition, add
from keybound.domain.guard import guard
from keybound.domain.text.secret import Secret
from keybound.domain.values.names import parse_token_id
from keybound.domain.verdict.states import State
from keybound.sources.files.snapshot import Snapshot
from unit.test_clock import Shifted

TIMED, HERE = parse_token_id("p/timed"), parse_token_id("p/here")
PROFILE = '[files]\na = "~/a.toml"\n[env]\nPAGER = "less"\n'


@pytest.fixture
def context(environ: dict[str, str], open_store: None, tmp_path: Path) -> Iterator[Shifted]:
    context = Shifted({**environ, "WHERE": "here"}, str(tmp_path))
    Path(context.home.profiles).mkdir(parents=True)
    Path(context.home.policy).write_text('variables = ["PAGER"]\n')
    Path(context.home.profile_path("p")).write_text(PROFILE)
    (Path(environ["HOME"]) / "a.toml").write_text('x = "y"\n')
    add(context, NewDefinition(TIMED, ("TIMED",), ttl="10d", binds=('file:a#x equals="y"',)), Secret("a"))
    add(context, NewDefinition(HERE, ("HERE",), binds=('env:WHERE equals="here"', 'file:a#x equals="y"')), Secret("b"))
    time.sleep(guard.SETTLE_NS / 1e9)
    yield context
    context.state.close()
    context.store.lock()


def states(found: Evaluation) -> list[State]:
    return [one.verdict.state for one in found.judged]


def evaluate_and_record(memory: EvaluationCache, context: Context) -> Evaluation:
    return memory.evaluate(context, ["p"])


def test_memory_is_used_and_never_for_too_much(context: Shifted) -> None:
    memory = EvaluationCache()
    first = evaluate_and_record(memory, context)
    assert states(first) == [State.ACTIVE, State.ACTIVE]
    with patch.object(Snapshot, "content", side_effect=AssertionError("a file was read again")):
        again = evaluate_and_record(memory, context)
    assert again.loaded["p"] is first.loaded["p"]
    assert set(again.snapshot.files()) == set(first.snapshot.files()) != set()

    context.environ = {**context.environ, "WHERE": "there"}
    assert states(evaluate_and_record(memory, context)) == [State.ACTIVE, State.SUSPENDED]

    context.shift = timedelta(days=9, hours=1)  # within a tenth of its ttl
    assert states(evaluate_and_record(memory, context))[0] is State.WARNING
    context.shift = timedelta(days=11)
    assert states(evaluate_and_record(memory, context))[0] is State.EXPIRED

    Path(context.home.policy).write_text("variables = []\n")
    refused = evaluate_and_record(memory, context).faults["p"]
    assert "PAGER" in refused.what
