"""Medians and ratios of whole processes, interleaved in one run, against a bare interpreter.

Run it: python tests/bench/bench.py [RUNS]
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

KEYBOUND = str(Path(sys.executable).with_name("keybound"))
SMALLEST = "from textual.app import App\nclass A(App):\n    def on_ready(self): self.exit()\nA().run(headless=True)"
FIRST_FRAME = (
    "import sys; sys.path.insert(0, 'tests')\n"
    "from support.sample_desk import SampleDesk\nfrom keybound.tui.app import KeyboundApp\n"
    "class A(KeyboundApp):\n    def on_ready(self): self.exit()\n"
    "app = A(SampleDesk())\napp.run(headless=True)\nsys.exit(app.crash or 0)"
)


def furnish(folder: str) -> dict[str, str]:
    """A home with three tokens on the file store."""
    password = os.path.join(folder, "passphrase")
    Path(password).write_text("bench\n")
    environ = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": folder,
        "KEYBOUND_STORE": "file",
        "KEYBOUND_PASSWORD_FILE": password,
    }
    subprocess.run([KEYBOUND, "init"], env=environ, check=True, capture_output=True)
    for name in ("one", "two", "three"):
        add = [KEYBOUND, "add", f"default/{name}", "--env", name.upper(), "--bind", "cwd exists=true"]
        subprocess.run(add, env=environ, input=b"secret\n", check=True, capture_output=True)
    return environ


def measure(commands: Mapping[str, list[str]], environ: dict[str, str], runs: int) -> dict[str, list[float]]:
    """Milliseconds of each command, the commands in turn."""
    found: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(runs + 1):
        for name, command in commands.items():
            start = time.perf_counter()
            subprocess.run(command, env=environ, check=True, capture_output=True)
            if turn:
                found[name].append((time.perf_counter() - start) * 1000)
    return found


def prompt_microseconds(environ: dict[str, str], prompts: int = 2000) -> float:
    """One unchanged prompt of the bash hook."""
    loop = f"for ((i = 0; i < {prompts}; i++)); do _keybound_hook; done"
    script = f'eval "$(keybound hook bash)"; _keybound_hook; a=$EPOCHREALTIME; {loop}; b=$EPOCHREALTIME; echo $a $b'
    done = subprocess.run(["bash", "-c", script], env=environ, check=True, capture_output=True, text=True)
    start, end = (float(text.replace(",", ".")) for text in done.stdout.split())
    return (end - start) / prompts * 1e6


def main() -> int:
    """Print the table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    commands = {
        "bare interpreter": [sys.executable, "-I", "-c", "pass"],
        "env, 3 tokens": [KEYBOUND, "env", "--shell", "bash"],
        "exec -- true, 3 tokens": [KEYBOUND, "exec", "--", "true"],
        "smallest Textual app": [sys.executable, "-c", SMALLEST],
    }
    with tempfile.TemporaryDirectory() as folder:
        environ = furnish(folder)
        first_frame = Path(folder, "first_frame.py")  # Textual looks for an application's own file
        first_frame.write_text(FIRST_FRAME)
        commands["TUI first frame"] = [sys.executable, str(first_frame)]
        found = {name: statistics.median(times) for name, times in measure(commands, environ, runs).items()}
        prompt = prompt_microseconds(environ)
        subprocess.run([KEYBOUND, "lock"], env=environ, check=True, capture_output=True)
    bare, textual = found["bare interpreter"], found["smallest Textual app"]
    for name, median in found.items():
        against = textual if "TUI" in name else bare
        print(f"{name:<24} {median:8.1f} ms   {median / against:6.2f} x {'Textual' if against is textual else 'bare'}")
    print(f"{'bash, unchanged prompt':<24} {prompt:8.1f} us   {prompt / 1000 / bare:6.4f} x bare")
    return 0


if __name__ == "__main__":
    sys.exit(main())
