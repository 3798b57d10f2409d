"""Kinds of events: one enumeration, and no event of another kind is written."""

import ast
from pathlib import Path

import keybound
from keybound.domain.values.event_kinds import EventKind

WRITERS = ("Change", "Draft")


def test_no_event_is_written_under_a_word_of_its_own() -> None:
    texts = {path: path.read_text() for path in Path(keybound.__file__).parent.rglob("*.py")}
    writing = {path: text for path, text in texts.items() if any(f"{name}(" in text for name in WRITERS)}
    assert len(writing) > 5
    for path, text in writing.items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in WRITERS and node.args:
                assert not isinstance(node.args[0], ast.Constant), f"{path}:{node.lineno}"


def test_a_kind_is_written_as_the_word_that_it_is() -> None:
    assert f"{EventKind.PROFILE_REMOVED}" == "profile-removed"
    assert len({kind.value for kind in EventKind}) == len(EventKind)
