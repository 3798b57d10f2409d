"""bash and zsh: single quotes, in which every byte but the quote itself stands for itself."""

from keybound.shells.checked import checked
from keybound.shells.line_form import LineForm


class Posix(LineForm):
    """Export lines for bash and zsh."""

    def assign(self, name: str, value: bytes) -> bytes:
        """``export NAME='value'``; a quote in it becomes ``'\\''``."""
        return b"export " + checked(name) + b"='" + value.replace(b"'", b"'\\''") + b"'\n"

    def unset(self, name: str) -> bytes:
        """``unset NAME``."""
        return b"unset " + checked(name) + b"\n"


SHELL = Posix()
