"""dotenv: single quotes as they stand where that is enough, else double quotes with escapes."""

from keybound.domain.errors import BadInput
from keybound.shells.checked import checked
from keybound.shells.line_form import LineForm

_ESCAPES = {b"\\": b"\\\\", b'"': b'\\"', b"\n": b"\\n", b"\r": b"\\r", b"\t": b"\\t", b"$": b"\\$", b"`": b"\\`"}


class Dotenv(LineForm):
    """``env --shell dotenv``."""

    def assign(self, name: str, value: bytes) -> bytes:
        """``NAME='value'``; with a quote, a newline or a tab in it ``NAME="value"`` with backslash escapes."""
        try:
            value.decode()
        except UnicodeDecodeError:
            raise BadInput(f"{name} is not UTF-8, so a dotenv file cannot hold it") from None
        if not any(byte in value for byte in (b"'", b"\n", b"\r", b"\t")):
            return checked(name) + b"='" + value + b"'\n"
        escaped = b"".join(_ESCAPES.get(bytes([byte]), bytes([byte])) for byte in value)
        return checked(name) + b'="' + escaped + b'"\n'

    def unset(self, name: str) -> bytes:
        """A comment: a dotenv file cannot unset."""
        return b"# " + checked(name) + b" is not set\n"


SHELL = Dotenv()
