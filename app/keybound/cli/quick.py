"""``exec`` and ``env`` in their plain forms, on a proof: what a release costs when nothing has changed."""

import os
import sys

from keybound.custody.asker import who
from keybound.custody.held import own_environment
from keybound.custody.paths import base_folders, find_program, read_line
from keybound.custody.project import allowed_profile, nearest_project, read_project
from keybound.custody.quick import quick_release

_SHELLS = ("bash", "zsh")


def quick(argv: list[str]) -> int | None:
    """Run it, and return the exit status; None where the full command must decide."""
    verb, rest = argv[0], argv[1:]
    if verb == "exec" and "--" in rest:
        at = rest.index("--")
        return _exec(rest[:at], rest[at + 1 :])
    if verb == "env" and rest[-2:-1] == ["--shell"] and rest[-1] in _SHELLS:
        return _env(rest[:-2], rest[-1])
    return None


def _profile(arguments: list[str]) -> str:
    """The profile that is named, pinned or active; "" where it takes more to tell."""
    if len(arguments) > 1 or any(one.startswith("-") for one in arguments):
        return ""
    name = arguments[0] if arguments else os.environ.get("KEYBOUND_PROFILE", "") or _followed()
    return "" if "/" in name or name.startswith(".") else name


def _followed() -> str:
    config, _, state, _ = base_folders(os.environ)
    try:
        if project := nearest_project(os.getcwd()):
            return allowed_profile(state, project, read_project(project))
    except OSError:
        return ""
    return "" if os.path.lexists(os.path.join(config, "config.toml")) else read_line(state, "active")


def _exec(arguments: list[str], command: list[str]) -> int | None:
    profile = _profile(arguments)
    program = find_program(command[0], os.environ.get("PATH", os.defpath)) if command else ""
    if not profile or not program:
        return None
    by = who(os.path.realpath(program), len(command) - 1)
    released = quick_release(os.environ, os.getcwd(), profile, "exec", by)
    if released is None:
        return None
    from keybound.cli.start import environment_of, start

    return start(command, environment_of(own_environment(os.environ), *released))


def _env(arguments: list[str], shell: str) -> int | None:
    profile = _profile(arguments)
    released = (
        quick_release(os.environ, os.getcwd(), profile, "shell", who(f"env --shell {shell}")) if profile else None
    )
    if released is None:
        return None
    from keybound.domain.secret import unwrap
    from keybound.shells.posix import SHELL

    plain, variables = released
    values = {name: text.encode("utf-8", "surrogateescape") for name, text in plain.items()}
    values.update({name: unwrap(secret) for name, (_, secret) in variables.items()})
    sys.stdout.buffer.write(SHELL.export(values))
    sys.stdout.buffer.flush()
    return 0
