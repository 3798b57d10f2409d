"""How a hook and a shim start the interpreter."""

import os
import sys

_CLIENT = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "cli", "client")
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./@%+=:,-")


def start_command() -> list[str]:
    """The interpreter's words before those of the command line: isolated, and without site-packages at first.

    All that it needs at first is one file of ours, so that file's folder leads its path meanwhile.
    """
    return ["-I", "-S", "-c", f"import sys; sys.path.insert(0, {_literal(_CLIENT)}); import client; client.main()"]


def program_words() -> list[str]:
    """The words that start this Keybound from anywhere: what a credential helper is started with."""
    program = os.path.abspath(sys.argv[0])
    if os.path.basename(program) == "keybound" and os.access(program, os.X_OK):
        return [program]
    return [sys.executable, *start_command()]


def start_words() -> str:
    """The same as every shell reads it: nothing in it is anything to a shell inside single quotes."""
    *flags, code = start_command()
    return f"{' '.join(flags)} '{code}'"


def _literal(path: str) -> str:
    if _PLAIN.issuperset(path):
        return f'"{path}"'
    return f'bytes.fromhex("{path.encode("utf-8", "surrogateescape").hex()}").decode("utf-8", "surrogateescape")'
