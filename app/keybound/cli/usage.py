"""What ``keybound --help`` prints: the verbs, by what one wants to do."""

from collections.abc import Iterator

from keybound.cli.main import VERBS

GROUPS = {
    "Get started": ("init", "demo", "status"),
    "Manage tokens": ("add", "list", "show", "why", "set", "token", "refresh", "expire", "remove"),
    "Bind and approve them": ("bind", "unbind", "file", "approve", "plan", "check", "docs"),
    "Use them": (
        "exec",
        "env",
        "copy",
        "inject",
        "shim",
        "git-credential",
        "docker-credential",
        "aws-credential",
    ),
    "Choose a profile": ("profile", "use", "allow", "deny"),
    "Set up your shell": ("hook", "completion", "agent"),
    "Maintain": ("watch", "adopt", "log", "lock", "unlock"),
}


def usage() -> str:
    """The whole page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "keybound: the credential manager that knows what a token depends on"
    yield from ["", f"  {'keybound':<26} open the application"]
    yield f"  {'keybound COMMAND --help':<26} show a command's help, with examples"
    yield f"  {'keybound --version':<26} print the version"
    for group, verbs in GROUPS.items():
        yield from ["", f"{group}:"]
        yield from (f"  {verb:<18} {VERBS[verb][1]}" for verb in verbs)
