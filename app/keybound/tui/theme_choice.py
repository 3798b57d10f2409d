"""Which theme is worn: the chosen one, or the one that goes with the terminal's light or dark."""

from pathlib import Path

from textual.app import App
from textual.theme import Theme

from keybound.custody.context.theme_files import shipped_folder
from keybound.tui import themes

AUTO = "auto"
Looks = tuple[tuple[str, int, int], ...]


class ThemeChoice:
    """The themes of one application; the user's are read again when their files change.

    ``home``: the folder of the user's themes, or "". ``light``: whether the terminal is, as far as is known.
    """

    def __init__(self, app: App[int], home: str, *, light: bool) -> None:
        self._app = app
        self._home = Path(home) if home else None
        self._light = light
        self._wanted = AUTO
        self._seen: Looks = ()
        shipped, faults = themes.read_folder(shipped_folder())
        self._shipped = {theme.name: theme for theme in shipped}
        self._own: dict[str, Theme] = {}
        self._lay_out(self._shipped)
        self.faults = [*faults, *self.reload()]

    def _lay_out(self, found: dict[str, Theme]) -> None:
        for theme in found.values():
            self._app.register_theme(theme)

    @property
    def names(self) -> list[str]:
        """What can be chosen."""
        return [AUTO, *sorted(self._shipped.keys() | self._own.keys())]

    @property
    def wanted(self) -> str:
        """What was chosen: a theme, or that it goes with the terminal."""
        return self._wanted

    def wear(self, name: str) -> str:
        """Wear a theme, or ``auto``; what is wrong with the name, or ""."""
        known = name in self.names
        self._wanted = name if known else AUTO
        self._app.theme = self._worn()
        return "" if known else f"unknown theme {name}; using {self._app.theme}"

    def next(self) -> str:
        """Wear the next of all; its name."""
        names = self.names
        self.wear(names[(names.index(self._wanted) + 1) % len(names)])
        return self._wanted

    def follow(self, light: bool | None) -> bool:
        """The terminal is light, or dark, now (None: it does not say); whether that changed the theme."""
        self._light = self._light if light is None else light
        before, self._app.theme = self._app.theme, self._worn()
        return self._app.theme != before

    def _worn(self) -> str:
        if self._wanted != AUTO:
            return self._wanted
        return themes.LIGHT if self._light else themes.DEFAULT

    @property
    def watched(self) -> tuple[str, ...]:
        """The user's folder and its files."""
        return (str(self._home), *(path for path, _, _ in self._seen)) if self._home else ()

    def reload(self) -> list[str]:
        """Read the user's themes again if one changed; what is wrong with them. A broken one stays as it was."""
        looks = self._looks()
        if self._home is None or looks == self._seen:
            return []
        self._seen = looks
        found, faults = themes.read_folder(self._home)
        before, self._own = self._own, {**self._own, **{theme.name: theme for theme in found}}
        self._lay_out(self._own)
        worn = self._app.theme
        if before.get(worn) != self._own.get(worn):
            self._app.mutate_reactive(App.theme)
        return faults

    def _looks(self) -> Looks:
        found = []
        for path in sorted(self._home.glob("*.toml")) if self._home else ():
            try:
                status = path.stat()
            except OSError:
                continue
            found.append((str(path), status.st_size, status.st_mtime_ns))
        return tuple(found)
