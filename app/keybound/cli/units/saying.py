"""Write or remove a unit, and say what its owner can do then."""

from keybound.cli.console.output import say
from keybound.cli.units.unit import Unit, install, uninstall


def say_installed(unit: Unit) -> int:
    """Write it; 0."""
    install(unit)
    for file in unit.files:
        say(f"Written: {file.path}")
    say(f"Nothing is enabled yet. To have it run now and after each login:\n  {unit.enable}")
    return 0


def say_removed(unit: Unit) -> int:
    """Remove it; 0, also where there was none."""
    if not uninstall(unit):
        say("Nothing is installed.")
        return 0
    for file in unit.files:
        say(f"Removed: {file.path}")
    say(f"To end it where it runs:\n  {unit.end}")
    return 0
