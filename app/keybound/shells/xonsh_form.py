"""xonsh: Python's own literals; what is not UTF-8 as the surrogates by which Python hands bytes on."""

from keybound.shells.checked import checked
from keybound.shells.line_form import LineForm


class Xonsh(LineForm):
    """Export lines for xonsh: ``exec($(keybound env --shell xonsh))``."""

    def assign(self, name: str, value: bytes) -> bytes:
        """``__xonsh__.env['NAME'] = 'value'``: xonsh would take ``$NAME`` values of some names for paths."""
        literal = ascii(value.decode("utf-8", "surrogateescape")).encode()
        return b"__xonsh__.env._d['" + checked(name) + b"'] = " + literal + b"\n"

    def unset(self, name: str) -> bytes:
        """Take it out of the environment; one that is not there is no error."""
        return b"__xonsh__.env._d.pop('" + checked(name) + b"', None)\n"


SHELL = Xonsh()
