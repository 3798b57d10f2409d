"""Who takes a secret out of its wrapping: every place is known by name."""

import ast
from pathlib import Path

import keybound

ROOT = Path(keybound.__file__).parent

CALLERS = {
    "domain": {
        "seal/carried",
        "seal/envelope",
        "seal/secret_field",
        "text/credential_forms",
        "text/secret",
        "text/template",
    },
    "sources": {"plain/gh", "plain/npmrc", "plain/reading"},
    "stores": {
        "age/age_document",
        "age/age_sealing",
        "age/sealed_copy",
        "clipboard",
        "age/kernel_keyring",
        "keyring/keyring_backend",
        "age/passphrase",
        "keyring/secret_writer",
    },
    "custody": {
        "application/strength",
        "backup/archive",
        "backup/contents",
        "envelopes/seal_record",
        "release/copy_forms",
        "providers/catalogue",
        "providers/asking",
        "providers/aws4",
        "providers/requests",
        "imports/keyring_items",
        "imports/preview",
        "imports/replace",
        "scan/fingerprints",
        "scan/scan",
        "rotation/oauth_server",
        "probing/answers",
        "probing/asking",
        "minting/key_set",
        "minting/keys",
        "tokens/new_secret",
        "tokens/signature",
        "programs/commands",
        "shell_state/env_diff",
    },
    "remote": {"client", "http", "transport"},
    "cli": {
        "verbs/use/copy",
        "verbs/minted/mint",
        "verbs/minted/verify",
        "process/delivery",
        "process/start",
        "process/supervise",
    },
    "tui": {"secrets"},
}


def takes_out(path: Path) -> bool:
    """Whether a module names ``expose_secret``, or the wrapped value itself."""
    text = path.read_text()
    if "expose_secret" not in text and "_Secret__value" not in text:
        return False  # the quick way for most
    for node in ast.walk(ast.parse(text)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.ImportFrom) else []
        names += [node.attr] if isinstance(node, ast.Attribute) else []
        names += [node.name] if isinstance(node, ast.FunctionDef) else []
        if {"expose_secret", "_Secret__value"} & set(names):
            return True
    return False


def test_every_module_that_unwraps_a_secret_is_listed() -> None:
    found: dict[str, set[str]] = {}
    for path in ROOT.rglob("*.py"):
        if takes_out(path):
            room, *rest = path.relative_to(ROOT).with_suffix("").parts
            found.setdefault(room, set()).add("/".join(rest))
    assert found == CALLERS, "a new place unwraps secrets, or one does no longer: look at it, then list it here"
