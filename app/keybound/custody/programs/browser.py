"""Open a page in the owner's browser, where there is one with a window of its own."""

import sys
from collections.abc import Mapping

_WINDOWS = ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME")


def open_page(environ: Mapping[str, str], page: str) -> bool:
    """Open an https address; False where nothing was opened. A browser that takes over the terminal is never started."""
    shows = sys.platform in ("darwin", "win32") or any(environ.get(name) for name in _WINDOWS)
    if not shows or not page.startswith("https://"):
        return False
    import webbrowser

    try:
        return webbrowser.open(page)
    except (webbrowser.Error, OSError):
        return False
