"""The application's first frame against the smallest Textual application."""

import sys
from pathlib import Path

from bench.homes import add_tokens, file_home
from bench.timing import Command, medians, row

_SMALLEST = "from textual.app import App\nclass A(App):\n    def on_ready(self): self.exit()\nA().run(headless=True)"
_FIRST_FRAME = (
    f"import sys; sys.path.insert(0, {str(Path(__file__).parents[1])!r})\n"
    "from support.sample_desk import SampleDesk\nfrom keybound.tui.app import KeyboundApp\n"
    "class A(KeyboundApp):\n    def on_ready(self): self.exit()\n"
    "app = A(SampleDesk())\napp.run(headless=True)\nsys.exit(app.crash or 0)"
)


def run(folder: Path, runs: int) -> None:
    """Print the table."""
    print("application")
    environ = file_home(folder / "home")
    add_tokens(environ, "default", 3)
    script = folder / "first_frame.py"  # Textual looks for an application's own file
    script.write_text(_FIRST_FRAME)
    found = medians(
        {
            "smallest Textual app": Command([sys.executable, "-c", _SMALLEST], environ, folder),
            "first frame": Command([sys.executable, str(script)], environ, folder),
        },
        runs,
    )
    smallest = found["smallest Textual app"]
    for name, time in found.items():
        row(name, time, {"Textual": time / smallest})
