"""How a finding is known again without its value: a keyed digest. And the baseline: the findings that are accepted.

A baseline carries its own key, so that it holds in every clone. Who has it can try guesses, which is hopeless against what a
machine made; so what a person may have chosen is known by its place instead.
"""

import json
import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from hmac import digest
from typing import NamedTuple

from keybound.catalogue.recognise import Sure
from keybound.custody.scan.finds import Find
from keybound.custody.scan.lookalikes import looks_random
from keybound.custody.scan.report import Finding
from keybound.domain.errors import BadInputError, UnavailableError
from keybound.domain.text.secret import expose_secret
from keybound.sources.files.open_file import Content, open_once
from keybound.stores.atomic import write_atomic

_LENGTH = 32


class Baseline(NamedTuple):
    """``key``: of the digests; ``accepted``: the fingerprints."""

    key: bytes
    accepted: frozenset[str]


def fingerprint(key: bytes, find: Find, path: str) -> str:
    """32 hex digits by which a finding is known again, wherever it moves; a chosen password by its file and name."""
    value = expose_secret(find.secret)
    known = (
        value
        if find.sure is not Sure.GUESS or looks_random(value.decode("latin-1"))
        else f"{path}\0{find.label}".encode(errors="surrogateescape")
    )
    return digest(key, b"\0".join((find.provider.encode(), known)), sha256).hex()[:_LENGTH]


def own_key(state: str) -> bytes:
    """This home's key for fingerprints, made at the first scan; of one that cannot be kept, a key for this scan alone."""
    path = os.path.join(state, "scan-key")
    content = open_once(path)
    if isinstance(content, Content) and len(content.data) == _LENGTH:
        return content.data
    key = secrets.token_bytes(_LENGTH)
    if os.path.isdir(state):
        with suppress(UnavailableError):
            write_atomic(path, key)
    return key


def read_baseline(path: str) -> Baseline:
    """Raises BadInputError."""
    content = open_once(path)
    if not isinstance(content, Content):
        raise BadInputError(content.why, where=path, hint="Write one with: keybound scan --write-baseline FILE")
    try:
        data = json.loads(content.data)
        key = bytes.fromhex(data["key"])
        accepted = frozenset(str(one["fingerprint"]) for one in data["accepted"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BadInputError(
            "it is not a baseline", where=path, hint="Write one with: keybound scan --write-baseline FILE"
        ) from None
    return Baseline(key, accepted)


def new_key() -> bytes:
    """A key for a new baseline."""
    return secrets.token_bytes(_LENGTH)


def write_baseline(path: str, key: bytes, findings: Sequence[Finding]) -> None:
    """Write the file that accepts these findings; the places stand in it for its readers. Raises UnavailableError."""
    accepted = [
        {"fingerprint": one.fingerprint, "provider": one.provider, "kind": one.kind, "path": one.path}
        for one in findings
    ]
    data = {
        "schema": 1,
        "key": key.hex(),
        "accepted": sorted(accepted, key=lambda one: (one["path"], one["fingerprint"])),
    }
    write_atomic(path, json.dumps(data, indent=1).encode() + b"\n", 0o644)
