"""Every key that a file of ours may hold has an effect, or says that it has none: where, and where that is told."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from keybound.domain.profile.action_keys import NAMES
from keybound.domain.profile.json_schema import json_schema
from keybound.domain.rules.registry import RULES

TOP = Path(__file__).parents[2]
CODE = TOP / "app" / "keybound"
PROFILE = {
    "schema": "domain/profile/schema.py",
    "description": "cli/verbs/profiles/profile.py",
    "extends": "custody/profiles/library.py",
    "settings": "domain/profile/inherit.py",
    "flags": "domain/profile/inherit.py",
    "roles": "domain/profile/inherit.py",
    "roles.active": "domain/guard/guard.py",
    "roles.grants": "domain/guard/guard.py",
    "env": "custody/evaluation/plain.py",
    "files": "sources/reader.py",
    "files.*.path": "domain/profile/inherit.py",
    "files.*.format": "domain/profile/inherit.py",
    "tokens": "domain/profile/inherit.py",
    "tokens.*.env": "custody/release/release.py",
    "tokens.*.kind": "domain/profile/policy.py",
    "tokens.*.mint": "domain/profile/inherit.py",
    "tokens.*.mint.alg": "custody/minting/mint.py",
    "tokens.*.mint.ttl": "custody/minting/mint.py",
    "tokens.*.mint.issuer": "custody/minting/mint.py",
    "tokens.*.mint.audience": "custody/minting/mint.py",
    "tokens.*.mint.subject": "custody/minting/mint.py",
    "tokens.*.mint.claims": "custody/minting/mint.py",
    "tokens.*.scopes": "domain/guard/guard.py",
    "tokens.*.expires": "domain/guard/expiry_times.py",
    "tokens.*.ttl": "domain/guard/expiry_times.py",
    "tokens.*.outside": "domain/guard/guard.py",
    "tokens.*.grace": "domain/guard/guard.py",
    "tokens.*.release": "custody/release/release.py",
    "tokens.*.callers": "custody/release/release.py",
    "tokens.*.refresh": "custody/rotation/renew.py",
    "tokens.*.refresh.command": "custody/programs/commands.py",
    "tokens.*.refresh.before": "domain/guard/expiry_times.py",
    "tokens.*.refresh.timeout": "custody/programs/commands.py",
    "tokens.*.refresh.inputs": "custody/programs/commands.py",
    "tokens.*.refresh.multiline": "custody/programs/commands.py",
    "tokens.*.refresh.oauth": "custody/rotation/oauth_refresh.py",
    "tokens.*.refresh.oauth.issuer": "custody/rotation/login.py",
    "tokens.*.refresh.oauth.client_id": "custody/rotation/login.py",
    "tokens.*.refresh.oauth.scopes": "custody/rotation/login.py",
    "tokens.*.refresh.oauth.flow": "domain/profile/schema.py",
    "tokens.*.revoke": "custody/providers/retire.py",
    "tokens.*.revoke.command": "custody/rotation/revoking.py",
    "tokens.*.revoke.provider": "custody/providers/retire.py",
    "tokens.*.revoke.on_expiry": "custody/tokens/expire.py",
    "tokens.*.revoke.timeout": "custody/rotation/revoking.py",
    "tokens.*.revoke.inputs": "custody/rotation/revoking.py",
    "tokens.*.overlap": "custody/providers/retire.py",
    "tokens.*.probe": "custody/probing/probe.py",
    "tokens.*.probe.every": "custody/probing/due.py",
    "tokens.*.probe.command": "custody/programs/commands.py",
    "tokens.*.probe.timeout": "custody/programs/commands.py",
    "tokens.*.probe.inputs": "custody/programs/commands.py",
    "tokens.*.jwt": "custody/tokens/signature.py",
    "tokens.*.jwt.key": "custody/tokens/signature.py",
    "tokens.*.jwt.jwks": "custody/tokens/signature.py",
    "tokens.*.wipe": "custody/tokens/expire.py",
    "tokens.*.bound": "domain/guard/guard.py",
    **{f"tokens.*.bound.*.{name}": f"domain/rules/{name}.py" for name in RULES},
    "tokens.*.bound.*.min.semver": "custody/evaluation/rule_tools.py",
    "tokens.*.bound.*.min.pep440": "custody/evaluation/rule_tools.py",
    "tokens.*.bound.*.max.semver": "custody/evaluation/rule_tools.py",
    "tokens.*.bound.*.max.pep440": "custody/evaluation/rule_tools.py",
    "tokens.*.bound.*.outside": "domain/guard/guard.py",
    "tokens.*.bound.*.inside": "domain/guard/guard.py",
    "tokens.*.bound.*.grace": "domain/guard/guard.py",
    "expect": "domain/guard/scenario.py",
    "expect[].when": "domain/guard/scenario.py",
    "expect[].when.now": "domain/guard/scenario.py",
    "expect[].then": "domain/guard/scenario.py",
}
CONFIG = {
    "schema": "domain/profile/config.py",
    "keyring": "custody/context/context.py",
    "hook": "domain/profile/config.py",
    "hook.say": "cli/verbs/shells/hook_step.py",
    "agent": "domain/profile/config.py",
    "agent.start": "cli/client/starting.py",
    "network": "domain/profile/config.py",
    "network.ca": "custody/context/network.py",
    "theme": "cli/verbs/start/application.py",
    "use": "domain/profile/config.py",
    "use[].profile": "custody/profiles/choose_profile.py",
    "use[].folder": "custody/profiles/rules_of_use.py",
    "use[].remote": "custody/profiles/rules_of_use.py",
    "keys": "domain/profile/config.py",
    "keys.preset": "domain/profile/key_settings.py",
    **{f"keys.{name}": "domain/profile/action_keys.py" for name in NAMES},
    "usage": "domain/profile/config.py",
    "usage.unusual": "custody/application/usage.py",
    "alert": "domain/profile/config.py",
    "alert[].when": "domain/profile/alert_rules.py",
    "alert[].profiles": "domain/profile/alert_rules.py",
    "alert[].to": "domain/profile/alert_rules.py",
    "alert[].command": "custody/alerts/commands.py",
    "alert[].timeout": "custody/alerts/commands.py",
}
POLICY = {
    "schema": "domain/profile/policy.py",
    "variables": "domain/profile/schema.py",
    "outside": "domain/profile/inherit.py",
    "owners_required": "domain/profile/policy.py",
    "kinds": "domain/profile/policy.py",
    "kinds.*.longest_ttl": "domain/profile/policy.py",
    "kinds.*.scopes_declared": "domain/profile/policy.py",
    "kinds.*.bound_to": "domain/profile/policy.py",
    "kinds.*.forbidden_scopes": "domain/profile/policy.py",
    "profiles": "domain/profile/policy.py",
    "profiles.*.forbidden_scopes": "domain/profile/policy.py",
    "profiles.*.least_reaction": "domain/profile/policy.py",
    "profiles.*.release": "domain/profile/policy.py",
    "profiles.*.owners": "domain/profile/policy.py",
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
            assert re.sub(r"tab_\d", "tab_", word) in (CODE / known[key]).read_text(), (key, known[key])


@pytest.mark.parametrize("name", ["profile", "config", "policy"])
def test_every_key_is_told_in_the_docs(name: str) -> None:
    page = (TOP / "docs" / "files.md").read_text()
    for key in keys(json.loads(json_schema(name))):
        word = re.sub(r"tab_\d", "tab_1", key.rpartition(".")[2].rpartition("]")[2])
        assert f"`{word}`" in page or f"`{word} =" in page or f"`{key}`" in page or f"{{ {word} =" in page, key
