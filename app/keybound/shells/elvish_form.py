"""Elvish: single quotes with the quote doubled; what is not UTF-8 as double quotes with ``\\x..`` bytes."""

from keybound.shells.checked import checked
from keybound.shells.line_form import LineForm


class Elvish(LineForm):
    """Export lines for Elvish: ``eval (keybound env --shell elvish | slurp)``."""

    def assign(self, name: str, value: bytes) -> bytes:
        """``set-env NAME 'value'``."""
        return b"set-env " + checked(name) + b" " + _quoted(value) + b"\n"

    def unset(self, name: str) -> bytes:
        """``unset-env NAME``."""
        return b"unset-env " + checked(name) + b"\n"


def _quoted(value: bytes) -> bytes:
    try:
        value.decode()
    except UnicodeDecodeError:
        return b'"' + b"".join(b"\\x%02x" % byte for byte in value) + b'"'
    return b"'" + value.replace(b"'", b"''") + b"'"


SHELL = Elvish()
