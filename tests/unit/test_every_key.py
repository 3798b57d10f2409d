"""Every key that a file of ours may hold has an effect, or says that it has none: where, and where that is told."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from keybound.domain.definition import unbuilt
from keybound.domain.inherit import effective, prepare
from keybound.domain.json_schema import json_schema
from keybound.domain.readings import Value
from keybound.domain.rules.registry import RULES

TOP = Path(__file__).parents[2]
CODE = TOP / "app" / "keybound"
PROFILE = {
    "schema": "domain/schema.py",
    "description": "cli/profiles.py",
    "extends": "custody/profiles/library.py",
    "settings": "domain/inherit.py",
    "flags": "domain/inherit.py",
    "roles": "domain/inherit.py",
    "roles.active": "domain/guard.py",
    "roles.grants": "domain/guard.py",
    "env": "custody/evaluation/plain.py",
    "files": "sources/reader.py",
    "files.*.path": "domain/inherit.py",
    "files.*.format": "domain/inherit.py",
    "tokens": "domain/inherit.py",
    "tokens.*.env": "custody/release/release.py",
    "tokens.*.kind": "domain/policy.py",
    "tokens.*.scopes": "domain/guard.py",
    "tokens.*.expires": "domain/due.py",
    "tokens.*.ttl": "domain/due.py",
    "tokens.*.outside": "domain/guard.py",
    "tokens.*.grace": "domain/guard.py",
    "tokens.*.release": "custody/release/release.py",
    "tokens.*.callers": "custody/release/release.py",
    "tokens.*.refresh": "custody/tokens/refreshing.py",
    "tokens.*.refresh.command": "custody/programs/commands.py",
    "tokens.*.refresh.before": "domain/due.py",
    "tokens.*.refresh.timeout": "custody/programs/commands.py",
    "tokens.*.refresh.inputs": "custody/programs/commands.py",
    "tokens.*.refresh.multiline": "custody/programs/commands.py",
    "tokens.*.revoke": "",
    "tokens.*.revoke.command": "",
    "tokens.*.revoke.before": "",
    "tokens.*.revoke.timeout": "",
    "tokens.*.revoke.inputs": "",
    "tokens.*.revoke.multiline": "",
    "tokens.*.wipe": "custody/tokens/expire.py",
    "tokens.*.bound": "domain/guard.py",
    **{f"tokens.*.bound.*.{name}": f"domain/rules/{name}.py" for name in RULES},
    "tokens.*.bound.*.min.semver": "custody/programs/tools.py",
    "tokens.*.bound.*.min.pep440": "custody/programs/tools.py",
    "tokens.*.bound.*.max.semver": "custody/programs/tools.py",
    "tokens.*.bound.*.max.pep440": "custody/programs/tools.py",
    "tokens.*.bound.*.outside": "domain/guard.py",
    "tokens.*.bound.*.inside": "domain/guard.py",
    "tokens.*.bound.*.grace": "domain/guard.py",
    "expect": "domain/scenario.py",
    "expect[].when": "domain/scenario.py",
    "expect[].when.now": "domain/scenario.py",
    "expect[].then": "domain/scenario.py",
}
CONFIG = {
    "schema": "domain/config.py",
    "keyring": "custody/context/keeper.py",
    "hook": "domain/config.py",
    "hook.say": "cli/hooking.py",
    "agent": "domain/config.py",
    "agent.start": "cli/agent/starting.py",
    "use": "domain/config.py",
    "use[].profile": "custody/profiles/choose_profile.py",
    "use[].folder": "custody/profiles/rules_of_use.py",
    "use[].remote": "custody/profiles/rules_of_use.py",
}
POLICY = {
    "schema": "domain/policy.py",
    "variables": "domain/schema.py",
    "outside": "domain/inherit.py",
    "owners_required": "domain/policy.py",
    "kinds": "domain/policy.py",
    "kinds.*.longest_ttl": "domain/policy.py",
    "kinds.*.scopes_declared": "domain/policy.py",
    "kinds.*.bound_to": "domain/policy.py",
    "kinds.*.forbidden_scopes": "domain/policy.py",
    "profiles": "domain/policy.py",
    "profiles.*.forbidden_scopes": "domain/policy.py",
    "profiles.*.least_reaction": "domain/policy.py",
    "profiles.*.release": "domain/policy.py",
    "profiles.*.owners": "domain/policy.py",
}
SOON = {"files.*.path", "files.*.format"}  # a table in [files]
WRITTEN_OTHERWISE = {"tokens.*.bound": "binding", "variables": "allowed", "expect[].when": "when"}


def keys(schema: Mapping[str, Any], at: str = "") -> Iterator[str]:
    for name, inner in schema.get("properties", {}).items():
        yield (here := f"{at}.{name}" if at else name)
        yield from keys(inner, here)
    if isinstance(free := schema.get("additionalProperties"), dict):
        yield from keys(free, f"{at}.*")
    if isinstance(items := schema.get("items"), dict):
        yield from keys(items, f"{at}[]")
    for choice in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from keys(choice, at)


@pytest.mark.parametrize(("name", "known"), [("profile", PROFILE), ("config", CONFIG), ("policy", POLICY)])
def test_every_key_of_the_schema_takes_effect_somewhere(name: str, known: Mapping[str, str]) -> None:
    found = set(keys(json.loads(json_schema(name))))
    assert found - known.keys() == set(), "where does it take effect?"
    assert known.keys() - found - SOON == set()
    for key in found:
        word = WRITTEN_OTHERWISE.get(key, key.rpartition(".")[2].rpartition("]")[2])
        if known[key] and key not in SOON:
            assert word in (CODE / known[key]).read_text(), (key, known[key])


@pytest.mark.parametrize("name", ["profile", "config", "policy"])
def test_every_key_is_told_in_the_docs(name: str) -> None:
    page = (TOP / "docs" / "files.md").read_text()
    for key in keys(json.loads(json_schema(name))):
        word = key.rpartition(".")[2].rpartition("]")[2]
        assert f"`{word}`" in page or f"`{word} =" in page or f"`{key}`" in page or f"{{ {word} =" in page, key


def test_what_has_no_effect_says_so() -> None:
    table: dict[str, Value] = {"tokens": {"a": {"env": "A", "revoke": {"command": "./revoke"}}, "b": {"env": "B"}}}
    tokens = effective(["p"], ["p.toml"], [prepare(table, "/", "/")]).tokens
    assert unbuilt(tokens["a"]) == ("revoke is not built yet: it has no effect",)
    assert unbuilt(tokens["b"]) == ()
