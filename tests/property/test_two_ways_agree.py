"""Any two ways to one answer give the same answer, whatever was edited before: a release on a proof, and one in full.

``KEYBOUND_ROUNDS=2000`` runs as many; a failure names its seed and the edits.
"""

import os
import random
from collections.abc import Callable

from keybound.custody.keeper import Keeper
from keybound.custody.quick import find_proof, quick_release
from keybound.custody.quick_choice import QuickChoice
from keybound.custody.refreshing import look_and_react
from keybound.domain.errors import KeyboundError
from keybound.domain.secret import unwrap
from support.random_edits import Edits
from support.two_ways import BY, Answer, in_full

ROUNDS = int(os.environ.get("KEYBOUND_ROUNDS", "150"))


def on_a_proof(environ: dict[str, str], cwd: str) -> Answer | None:
    """By the marks of what was proved; None where the whole protocol must decide."""
    proof = find_proof(environ, QuickChoice("child"))
    found = quick_release(environ, cwd, proof, "exec", BY) if proof is not None else None
    if found is None:
        return None
    plain, variables = found
    return Answer(dict(plain), {name: (id_, unwrap(secret)) for name, (id_, secret) in variables.items()})


def test_a_proof_never_gives_what_the_whole_protocol_would_not(fresh: Callable[[int], Edits]) -> None:
    begun = random.SystemRandom().randrange(10**6)
    quick, edits, stale = 0, fresh(begun), False
    for seed in range(begun, begun + ROUNDS):
        if stale:
            edits = fresh(seed)
        done = [edits.one() for _ in range(edits.chance.randint(1, 3))]
        short = on_a_proof(edits.environ, edits.cwd)
        whole = in_full(edits.environ, edits.cwd)
        assert short is None or short == whole, f"seed {seed}: {done}"
        quick += short is not None
        stale = whole is None
        again = on_a_proof(edits.environ, edits.cwd)
        assert again is None or again == in_full(edits.environ, edits.cwd), f"seed {seed}, at once: {done}"
        quick += again is not None
    assert quick > ROUNDS // 20  # it was tried, and not given up each time


def test_a_look_in_between_changes_no_answer(fresh: Callable[[int], Edits]) -> None:
    """Who looked before, and recorded what it found, makes nobody else's answer another one."""
    begun = random.SystemRandom().randrange(10**6)
    for seed in range(begun, begun + max(ROUNDS // 10, 5)):
        edits = fresh(seed)
        done = [edits.one() for _ in range(edits.chance.randint(1, 2))]
        keeper = Keeper(edits.environ, edits.cwd)
        before = in_full(edits.environ, edits.cwd)
        try:
            look_and_react(keeper, ["child"])
        except KeyboundError:
            assert before is None, f"seed {seed}: {done}"
        keeper.close()
        assert in_full(edits.environ, edits.cwd) == before, f"seed {seed}: {done}"
