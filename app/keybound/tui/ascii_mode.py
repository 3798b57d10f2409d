"""ASCII alone, for terminals that have nothing else, or draw other characters in the wrong width."""

from collections.abc import Mapping

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from keybound.tui.map.strokes import plain

_TABLE = str.maketrans("●▲■◆×○▌▎→←↑↓…·⏎▾▸─•↔⊆∈≤≡−⊟–—▁▂▃▄▅▆▇█▔�", "*!#?xo>|><^v.->v>-*~<e<=----_.,-~=+#-?")


def wants_ascii(environ: Mapping[str, str]) -> bool:
    """KEYBOUND_ASCII (0: no) if it is set, else whether the locale is C, or the console has no UTF-8."""
    asked = environ.get("KEYBOUND_ASCII", "")
    if asked:
        return asked != "0"
    locale = _locale(environ)
    return locale in ("C", "POSIX") or (environ.get("TERM") == "linux" and "utf" not in locale.lower())


def _locale(environ: Mapping[str, str]) -> str:
    """The locale of characters. Python makes LC_CTYPE C.UTF-8 where it was C (PEP 538): that tells nothing of the terminal."""
    ctype = environ.get("LC_CTYPE", "")
    found = environ.get("LC_ALL", "") or (ctype if ctype != "C.UTF-8" else "")
    return found or environ.get("LANG", "")


def ascii_text(text: str) -> str:
    """The text in as many cells. Letters of other scripts stay: they are somebody's own words."""
    if text.isascii():
        return text
    text = plain(text.translate(_TABLE))
    return "".join(char if char.isascii() or char.isalnum() else "?" * cell_len(char) for char in text)


class AsciiFilter(LineFilter):
    """Whatever is painted, widgets of others too, in ASCII."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The line, in ASCII."""
        del background
        return [Segment(ascii_text(text), style, control) for text, style, control in segments]
