"""fish: single quotes, in which only the backslash and the quote are escaped."""

from keybound.shells.checked import checked
from keybound.shells.line_form import LineForm


class Fish(LineForm):
    """Export lines for fish."""

    def assign(self, name: str, value: bytes) -> bytes:
        """``set -gx NAME 'value'``. A value that is not UTF-8 is given byte for byte as ``\\X..`` escapes."""
        return b"set -gx " + checked(name) + b" " + quoted(value) + b"\n"

    def unset(self, name: str) -> bytes:
        """``set -e NAME``."""
        return b"set -e " + checked(name) + b"\n"


def quoted(value: bytes) -> bytes:
    """One word of fish; not in quotes but byte for byte as ``\\X..`` escapes where it is not UTF-8."""
    try:
        value.decode()
    except UnicodeDecodeError:
        return b"".join(b"\\X%02x" % byte for byte in value)
    return b"'" + value.replace(b"\\", b"\\\\").replace(b"'", b"\\'") + b"'"


SHELL = Fish()
