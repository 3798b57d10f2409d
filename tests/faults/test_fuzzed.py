"""What the fuzzer begins with, and what it has found, read without harm; and a few rounds of random damage to each."""

import random

import pytest

from fuzz.seeds import seeds
from fuzz.targets import CORPUS, TARGETS, kept
from support.tried import Tried

ROUNDS = 400
SEED = 2011


@pytest.mark.parametrize("target", sorted(TARGETS))
def test_damaged_input(target: str, tried: Tried) -> None:
    chance = random.Random(f"{SEED} {target}")  # no secret
    begin = [*seeds(target), *(one.read_bytes() for one in kept(target))]
    for data in begin:
        TARGETS[target](data)
    for _ in range(ROUNDS):
        TARGETS[target](_damaged(chance, chance.choice(begin), chance.choice(begin)))
    tried("damaged input to a parser", len(begin) + ROUNDS)


def test_what_is_kept_belongs_to_a_target() -> None:
    assert {folder.name for folder in CORPUS.iterdir()} <= set(TARGETS)


def _damaged(chance: random.Random, data: bytes, other: bytes) -> bytes:
    """A few bytes are changed, cut out, or taken from the other."""
    made = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(made) + 1)
        end = min(len(made), at + chance.randint(0, 8))
        begin = chance.randrange(len(other) + 1)
        made[at:end] = chance.choice(
            [bytes([chance.randrange(256)]), b"", other[begin : begin + 8], bytes(made[at:end]) * 3, b'"', b"\n", b"\0"]
        )
    return bytes(made)
