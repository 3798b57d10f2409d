"""The application's first frame, its tokens and its map against the smallest Textual application."""

import sys
from pathlib import Path

from bench.homes import add_tokens, file_home
from bench.timing import Command, medians, row
from support.terminal import step_costs

_SMALLEST = "from textual.app import App\nclass A(App):\n    def on_ready(self): self.exit()\nA().run(headless=True)"
_FIRST_FRAME = (
    f"import sys; sys.path.insert(0, {str(Path(__file__).parents[1])!r})\n"
    "from support.sample_service import SampleService\nfrom keybound.tui.app import KeyboundApp\n"
    "class A(KeyboundApp):\n    def on_ready(self): self.exit()\n"
    "app = A(SampleService())\napp.run(headless=True)\nsys.exit(app.crash or 0)"
)
SCREEN = (120, 40)
SIZES = (10, 100, 1_000, 2_000)
_AT_SIZE = (
    f"import sys; sys.path.insert(0, {str(Path(__file__).parents[1])!r})\n"
    "from support.big_service import big\nfrom support.sample_service import SampleService\n"
    "from keybound.tui.app import KeyboundApp\n"
    "class A(KeyboundApp):\n"
    "    async def _evaluate(self):\n"
    "        await super()._evaluate()\n"
    "        await self.main_screen.open({tab})\n"
    "        self.call_after_refresh(self.exit)\n"
    "app = A(SampleService(big({count}, {keys})))\napp.run(headless=True, size=(120, 40))\nsys.exit(app.crash or 0)"
)


def run(folder: Path, runs: int) -> None:
    """Print the table."""
    print("application")
    environ = file_home(folder / "home")
    add_tokens(environ, "default", 3)
    scripts = {"first frame": _FIRST_FRAME}
    for count in SIZES:
        for name, tab in (("tokens on the screen", 0), ("map open", 1)):
            scripts[f"{name}, {count} tokens"] = _AT_SIZE.format(tab=tab, count=count, keys=max(count // 4, 5))
    commands = {"smallest Textual app": Command([sys.executable, "-c", _SMALLEST], environ, folder)}
    for at, (name, text) in enumerate(scripts.items()):
        script = folder / f"at_{at}.py"  # Textual looks for an application's own file
        script.write_text(text)
        commands[name] = Command([sys.executable, str(script)], environ, folder)
    found = medians(commands, runs)
    smallest = found["smallest Textual app"]
    for name, time in found.items():
        row(name, time, {"Textual": time / smallest})
    cost = sorted(step_costs(environ, *SCREEN))[3]
    print(f"a step of the cursor at {SCREEN[0]}x{SCREEN[1]}: {cost} bytes, {cost / (SCREEN[0] * SCREEN[1]):.1f} a cell")
