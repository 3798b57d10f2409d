"""How a hook starts the interpreter for its step."""

import re
from pathlib import Path

_CLIENT = Path(__file__).parent.parent / "cli" / "agent"
_PLAIN = re.compile(r"[\w./@%+=:,-]+", re.ASCII)


def start_words() -> str:
    """The interpreter's words for a step: isolated and without site-packages, which cost more than the step.

    All that it needs at first is one file of ours, so that file's folder leads its path meanwhile. The words hold neither
    a space outside single quotes nor anything that a shell would change inside them.
    """
    return f"-I -S -c 'import sys; sys.path.insert(0, {_literal(str(_CLIENT))}); import client; client.main()'"


def _literal(path: str) -> str:
    if _PLAIN.fullmatch(path):
        return f'"{path}"'
    return f'bytes.fromhex("{path.encode("utf-8", "surrogateescape").hex()}").decode("utf-8", "surrogateescape")'
