"""What ``keybound --help`` prints: the verbs, by what one wants to do."""

from collections.abc import Iterator

from keybound.cli.registry import VERBS


def groups() -> dict[str, list[str]]:
    """The headings, and the verbs under each."""
    found: dict[str, list[str]] = {}
    for name, verb in VERBS.items():
        found.setdefault(verb.group, []).append(name)
    return found


def usage() -> str:
    """The whole page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "keybound: the credential manager that knows what a token depends on"
    yield from ["", f"  {'keybound':<26} open the application"]
    yield f"  {'keybound --theme THEME':<26} open it in other colours"
    yield f"  {'keybound --plain [SCREEN]':<26} print a screen as plain text"
    yield f"  {'keybound COMMAND --help':<26} show a command's help, with examples"
    yield f"  {'keybound --version':<26} print the version"
    for group, verbs in groups().items():
        yield from ["", f"{group}:"]
        yield from (f"  {verb:<18} {VERBS[verb].says}" for verb in verbs)
