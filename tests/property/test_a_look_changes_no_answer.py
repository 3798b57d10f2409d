"""Who looked before, and recorded what it found, changes nobody else's answer, whatever was edited before that.

``KEYBOUND_ROUNDS=2000`` runs as many; a failure names its seed and the edits.
"""

import random
from collections.abc import Callable

from keybound.custody.context.context import Context
from keybound.custody.rotation.renew import refresh_and_record
from keybound.domain.errors import KeyboundError
from support.random_edits import Edits
from support.rounds import rounds
from support.two_ways import in_full

ROUNDS = rounds(15, 2, "KEYBOUND_ROUNDS")


def test_a_look_in_between_changes_no_answer(fresh: Callable[[int], Edits]) -> None:
    begun = random.SystemRandom().randrange(10**6)
    for seed in range(begun, begun + ROUNDS):
        edits = fresh(seed)
        done = [edits.one() for _ in range(edits.chance.randint(1, 2))]
        context = Context(edits.environ, edits.cwd)
        before = in_full(edits.environ, edits.cwd)
        try:
            refresh_and_record(context, ["child"])
        except KeyboundError:
            assert before is None, f"seed {seed}: {done}"
        context.close()
        assert in_full(edits.environ, edits.cwd) == before, f"seed {seed}: {done}"
