"""bash and zsh: single quotes, in which every byte but the quote itself stands for itself."""

from keybound.shells.base import Shell
from keybound.shells.checked import checked


class Posix(Shell):
    """Export lines for bash and zsh."""

    def assign(self, name: str, value: bytes) -> bytes:
        """``export NAME='value'``; a quote in it becomes ``'\\''``."""
        return b"export " + checked(name) + b"='" + value.replace(b"'", b"'\\''") + b"'\n"

    def unset(self, name: str) -> bytes:
        """``unset NAME``."""
        return b"unset " + checked(name) + b"\n"


def quoted(text: str) -> str:
    """The text in single quotes."""
    return "'" + text.replace("'", "'\\''") + "'"


def quoted_path(path: str) -> bytes:
    """The path in single quotes, byte for byte."""
    return quoted(path).encode("utf-8", "surrogateescape")


SHELL = Posix()
