"""Drifts that their owner has seen and wants listed last, until the value changes."""

from collections.abc import Iterable, Mapping

from keybound.domain.text.digests import sha256
from keybound.tui.drift.gather import Drift
from keybound.tui.frame.memory import View, table, text


class Muted:
    """Which value of which key is muted. The values themselves are not kept, only what tells one from another."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}

    def __contains__(self, drift: Drift) -> bool:
        return self._values.get(drift.name) == _value(drift)

    def turn(self, drift: Drift) -> bool:
        """Mute it, or no longer; whether it is muted then."""
        if drift in self:
            del self._values[drift.name]
            return False
        self._values[drift.name] = _value(drift)
        return True

    def keep_only(self, found: Iterable[Drift]) -> None:
        """What went back inside, or has another value, is not muted when it comes again."""
        self._values = {drift.name: _value(drift) for drift in found if drift in self}

    def remembered(self) -> View:
        """For the next start."""
        return {"muted": dict(self._values)}

    def recall(self, view: View) -> None:
        """The same again."""
        kept: Mapping[str, object] = table(view, "muted")
        self._values = {name: value for name in kept if (value := text(kept, name))}


def _value(drift: Drift) -> str:
    row = drift.row
    digest: str = sha256(f"{row.rule}\0{row.inside}\0{row.now.words}".encode()).hexdigest()
    return digest[:16]
