"""Elvish: single quotes with the quote doubled; what is not UTF-8 as double quotes with ``\\x..`` bytes."""

from collections.abc import Mapping

from keybound.shells.checked import checked


class Elvish:
    """Export lines for Elvish: ``eval (keybound env --shell elvish | slurp)``."""

    def assign(self, name: str, value: bytes) -> bytes:
        """``set-env NAME 'value'``."""
        return b"set-env " + checked(name) + b" " + _quoted(value) + b"\n"

    def unset(self, name: str) -> bytes:
        """``unset-env NAME``."""
        return b"unset-env " + checked(name) + b"\n"

    def export(self, values: Mapping[str, bytes]) -> bytes:
        """One line a variable."""
        return b"".join(self.assign(name, value) for name, value in values.items())


def _quoted(value: bytes) -> bytes:
    try:
        value.decode()
    except UnicodeDecodeError:
        return b'"' + b"".join(b"\\x%02x" % byte for byte in value) + b'"'
    return b"'" + value.replace(b"'", b"''") + b"'"


SHELL = Elvish()
