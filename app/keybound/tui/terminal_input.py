"""What a terminal sends: keys go on to the parser; its own reports, and a paste that never ends, are dealt with here.

An unknown report would be taken for keys: its digits would switch screens.
"""

import re
from collections.abc import Callable

PASTE_BEGINS, PASTE_ENDS = "\x1b[200~", "\x1b[201~"
PASTE_WAITS = 2.0  # seconds without a byte after which a paste has ended
REPORT_WAITS = 0.5  # likewise for the rest of a report
KEY_WAITS = 0.05  # likewise where it may be a key with alt as well
_OSC = r"\x1b\](?=\d)[^\x07\x1b]*"
_STRING = r"\x1b[P_^][^\x07\x1b]+\x1b\\"  # DCS, APC, PM: only where it is whole, for alt+P is a key
_REPORT = re.compile(rf"{_OSC}(?:\x07|\x1b\\)|{_STRING}|\x1b\[[?>][\d;]*[cnu]")
_BEGUN = re.compile(rf"(?:{_OSC}\x1b?|\x1b\[(?:[?>][\d;]*)?|\x1b\])\Z")
_LONGEST = 4096  # characters of a report
_GROUND = re.compile(r"\x1b\]11;(?:rgba?:([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})|#([0-9a-fA-F]{6})\b)")
_SCHEME = re.compile(r"\x1b\[\?997;([12])n")


def is_light(report: str) -> bool | None:
    """Whether a report (OSC 11, or the scheme of mode 2031) tells that the terminal's ground is light; None: it is another."""
    if scheme := _SCHEME.search(report):
        return scheme[1] == "2"
    ground = _GROUND.search(report)
    if ground is None:
        return None
    parts = ground.groups()[:3] if ground[1] else (ground[4][:2], ground[4][2:4], ground[4][4:])
    red, green, blue = (int(part, 16) / (16 ** len(part) - 1) for part in parts)
    return bool(0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.5)


class TerminalInput:
    """Input, a piece at a time; ``on_light`` is told when a report says that the terminal is light, or dark.

    Times are seconds of any clock.
    """

    def __init__(self, on_light: Callable[[bool], None]) -> None:
        self._on_light = on_light
        self._held = ""
        self._pasting = False
        self._tail = ""  # the last characters of a paste: its end may come in two pieces
        self._at = 0.0

    def take(self, text: str, now: float) -> str:
        """The keys among what was read; part of a report is kept until its rest comes."""
        self._at = now
        text, self._held = self._held + text, ""
        keys = []
        while text:
            part, text = self._paste(text) if self._pasting else self._keys(text)
            keys.append(part)
        return "".join(keys)

    def waited(self, now: float) -> str:
        """What nothing more came of, as keys: the end of a paste, or a key that began like a report."""
        idle = now - self._at
        if self._pasting and idle > PASTE_WAITS:
            self._pasting, self._tail = False, ""
            return PASTE_ENDS
        if self._held in ("\x1b]", "\x1b[") and idle > KEY_WAITS:
            return self._released()
        if self._held and idle > REPORT_WAITS:
            self._held = ""
        return ""

    def _released(self) -> str:
        held, self._held = self._held, ""
        return held

    def _paste(self, text: str) -> tuple[str, str]:
        known = len(self._tail)
        end = (self._tail + text).find(PASTE_ENDS)
        if end < 0:
            self._tail = (self._tail + text)[-len(PASTE_ENDS) + 1 :]
            return text, ""
        self._pasting, self._tail = False, ""
        end += len(PASTE_ENDS) - known
        return text[:end], text[end:]

    def _keys(self, text: str) -> tuple[str, str]:
        before, begins, after = text.partition(PASTE_BEGINS)
        keys = _REPORT.sub(self._report, before)
        if begins:
            self._pasting = True
            return keys + begins, after
        if (begun := _BEGUN.search(keys)) and len(begun[0]) < _LONGEST:
            self._held = begun[0]
            keys = keys[: begun.start()]
        return keys, ""

    def _report(self, found: re.Match[str]) -> str:
        light = is_light(found[0])
        if light is not None:
            self._on_light(light)
        return ""
