"""One more tool, from outside: one row of its table. Its keys are parsed, read, judged, compared by the hook and offered."""

import os
from pathlib import Path

import pytest

from keybound.custody.tokens.binding_text import parse_bind
from keybound.domain.errors import BadInputError
from keybound.domain.guard.guard import judge
from keybound.domain.tool_keys import TOOLS, ToolKeys
from keybound.domain.values.keys import is_context, parse_key
from keybound.domain.values.readings import Absent, Found, Origin, Read
from keybound.domain.verdict.states import State
from keybound.sources.caller import Caller
from keybound.sources.files.snapshot import Snapshot
from keybound.sources.reader import read_keys
from keybound.sources.tools.base import Answer, Tool
from support.inputs import inputs_of, profile_of


class Helm(Tool):
    """Its host is a variable's, else a file's."""

    def _read(self, name: str) -> Answer:
        path = os.path.join(self.home, ".helm")
        if found := self.variable("HELM_HOST"):
            return Answer(Found(found), Origin("HELM_HOST"))
        text = self.text(path)
        return Answer(Absent("no host")) if text is None else Answer(Found(text.strip()), Origin("", path, 1))


@pytest.fixture
def tool(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(TOOLS, "helm", ToolKeys(f"{__name__}:Helm", ("host",)))
    return "helm"


def _read(environ: dict[str, str], snapshot: Snapshot) -> Read:
    key = parse_key("helm:host")
    caller = Caller(environ, environ["HOME"], os.getuid())
    found = read_keys(
        [key], profile_data={}, profile_path="", profile_changed_ns=None, files={}, caller=caller, snapshot=snapshot
    )
    return found[key]


def test_a_tool(tool: str, tmp_path: Path) -> None:
    environ, path = {"HOME": str(tmp_path)}, tmp_path / ".helm"
    snapshot = Snapshot()
    assert _read(environ, snapshot).reading == Absent("no host")
    assert snapshot.mtimes() == {str(path): None}  # the hook watches it: it may appear
    path.write_text("a.example\n")
    assert _read(environ, Snapshot()) == Read(Found("a.example"), str(path), origin=Origin("", str(path), 1))
    path.write_bytes(b"\xff")
    assert "line 1: it is not UTF-8 text" in _read(environ, Snapshot()).reading.why  # type: ignore[union-attr]
    read = _read({**environ, "HELM_HOST": "b.example"}, Snapshot())
    assert is_context("helm:host")
    assert snapshot.variables == {"HELM_HOST", "HOME"}  # the hook compares them

    key, rules = parse_bind("helm:host equals=a.example outside=expire")
    profile = profile_of({"bound": {key: rules}})
    verdict = judge(inputs_of(profile, {key: read}))
    assert verdict.state is State.SUSPENDED
    assert verdict.why == "helm:host is b.example, set by HELM_HOST, bound to a.example"


def test_it_was_added_from_outside() -> None:
    with pytest.raises(BadInputError):
        parse_key("helm:host")
