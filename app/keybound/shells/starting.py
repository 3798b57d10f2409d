"""How a hook and a shim start the interpreter."""

import re
from pathlib import Path

_CLIENT = Path(__file__).parent.parent / "cli" / "agent"
_PLAIN = re.compile(r"[\w./@%+=:,-]+", re.ASCII)


def start_command() -> list[str]:
    """The interpreter's words before those of the command line: isolated, and without site-packages at first.

    All that it needs at first is one file of ours, so that file's folder leads its path meanwhile.
    """
    return ["-I", "-S", "-c", f"import sys; sys.path.insert(0, {_literal(str(_CLIENT))}); import client; client.main()"]


def start_words() -> str:
    """The same as every shell reads it: nothing in it is anything to a shell inside single quotes."""
    *flags, code = start_command()
    return f"{' '.join(flags)} '{code}'"


def _literal(path: str) -> str:
    if _PLAIN.fullmatch(path):
        return f'"{path}"'
    return f'bytes.fromhex("{path.encode("utf-8", "surrogateescape").hex()}").decode("utf-8", "surrogateescape")'
