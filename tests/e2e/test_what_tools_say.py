"""The oracle of effective keys is the tool: over random settings its own answer equals the reading.

``KEYBOUND_ORACLE_ROUNDS`` and ``KEYBOUND_ORACLE_SEED`` make it another run.
"""

import os
import shutil
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from keybound.domain.registry import load
from keybound.domain.tool_keys import TOOLS
from support.oracles.base import NOTHING, REFUSED, Oracle, ours
from support.programs_at_hand import needed

SEED = os.environ.get("KEYBOUND_ORACLE_SEED", "21")


def oracle_of(tool: str) -> Oracle:
    found: Oracle = load(f"support.oracles.{tool}:ORACLE", "")
    return found


def _kind(value: object) -> str:
    return "absent" if value is NOTHING else "refused" if value == REFUSED else "found"


@pytest.mark.timeout(0)
@pytest.mark.parametrize("tool", [*TOOLS, "git"])
def test_a_reading_is_what_the_tool_says(tool: str, tmp_path: Path) -> None:
    oracle = oracle_of(tool)
    program = needed(oracle.program)
    counted: Counter[str] = Counter()
    for number in range(int(os.environ.get("KEYBOUND_ORACLE_ROUNDS", oracle.usual))):
        folder = tmp_path / "setting"
        folder.mkdir()
        setting = oracle.make(Random(f"{tool} {SEED} {number}"), folder)
        said, read = oracle.ask(program, setting), ours(oracle.keys, setting)
        where = f"round {number} of seed {SEED}: {setting.environ}"
        assert {key: read[key] for key in said} == dict(said), where
        counted.update(map(_kind, said.values()))
        shutil.rmtree(folder)
    print(f"{tool}: {dict(counted)}")
    assert counted["found"] > sum(counted.values()) / 6, counted  # else little was compared
