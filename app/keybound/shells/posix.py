"""bash and zsh: single quotes, in which every byte but the quote itself stands for itself."""

from keybound.shells.checked import checked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Posix:
    """Export lines for bash and zsh."""

    def assign(self, name: str, value: bytes) -> bytes:
        """``export NAME='value'``; a quote in it becomes ``'\\''``."""
        return b"export " + checked(name) + b"='" + value.replace(b"'", b"'\\''") + b"'\n"

    def unset(self, name: str) -> bytes:
        """``unset NAME``."""
        return b"unset " + checked(name) + b"\n"

    def export(self, values: "Mapping[str, bytes]") -> bytes:
        """One line a variable."""
        return b"".join(self.assign(name, value) for name, value in values.items())


SHELL = Posix()
