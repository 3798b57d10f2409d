"""Findings as SARIF 2.1.0, which code hosts and editors read.

Source: docs.oasis-open.org, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".
"""

import os
from collections.abc import Sequence
from urllib.parse import quote

from keybound import __version__
from keybound.catalogue.recognise import Sure
from keybound.custody.scan.report import Finding

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Sure.CHECKSUM: "error", Sure.SHAPE: "error", Sure.GUESS: "warning"}


def sarif(findings: Sequence[Finding]) -> dict[str, object]:
    """One run with a result for each finding; a rule for each provider's kind of token. No value is in it."""
    rules = sorted({_rule(one) for one in findings})
    driver = {
        "name": "keybound",
        "version": __version__,
        "informationUri": "https://github.com/keybound/keybound",
        "rules": [{"id": rule, "shortDescription": {"text": f"A token in clear: {rule}"}} for rule in rules],
    }
    results = [_result(one, rules) for one in findings]
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}


def _rule(one: Finding) -> str:
    return f"{one.provider}/{one.kind.replace(' ', '-')}"


def _result(one: Finding, rules: list[str]) -> dict[str, object]:
    place = {"artifactLocation": {"uri": _address(one.path)}, "region": {"startLine": one.line}}
    return {
        "ruleId": _rule(one),
        "ruleIndex": rules.index(_rule(one)),
        "level": _LEVELS[one.sure],
        "message": {"text": f"A token in clear: {one.provider}, {one.kind} ({one.sure.words})."},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"keybound/v1": one.fingerprint},
    }


def _address(path: str) -> str:
    return ("file://" if os.path.isabs(path) else "") + quote(os.fsencode(path))
