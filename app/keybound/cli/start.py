"""Start a command with what was released: the one place where ``exec`` hands over."""

import os

from keybound.cli.lines import warn
from keybound.custody.held import HELD, write_held
from keybound.domain.secret import unwrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from signal import SIG_DFL, SIGPIPE, SIGXFSZ, signal

    from keybound.domain.secret import Secret

    Variables = Mapping[str, tuple[str, Secret]]
else:
    from _signal import SIG_DFL, SIGPIPE, SIGXFSZ, signal  # ``signal`` itself makes enums: 3 ms of each exec

_OWN = ("KEYBOUND_PASSWORD_FILE", "KEYBOUND_PASSWORD_COMMAND", HELD)
NOT_FOUND, NOT_EXECUTABLE = 127, 126


def environment_of(base: "Mapping[str, str]", plain: "Mapping[str, str]", variables: "Variables") -> dict[bytes, bytes]:
    """The command's environment. ``base`` is the caller's, ``variables`` maps names to token ids and secrets.

    Says which of the caller's variables are hidden.
    """
    environment = {os.fsencode(name): os.fsencode(value) for name, value in base.items() if name not in _OWN}
    for name in (*plain, *variables):
        if name in base:
            owner = variables[name][0] if name in variables else "the profile's [env]"
            warn(f"{name} of this shell is hidden by {owner}")
    environment.update({name.encode(): text.encode("utf-8", "surrogateescape") for name, text in plain.items()})
    values = {name: (id_, unwrap(secret)) for name, (id_, secret) in variables.items()}
    environment.update({name.encode(): value for name, (_, value) in values.items()})
    if held := write_held(values):
        environment[HELD.encode()] = held.encode()
    return environment


def start(command: list[str], environment: dict[bytes, bytes]) -> int:
    """Replace this process by the command; return only where it cannot be started, with the exit status for that."""
    for ignored_by_python in (SIGPIPE, SIGXFSZ):
        signal(ignored_by_python, SIG_DFL)  # else the command would not end with the reader of its output
    try:
        os.execvpe(command[0], command, environment)
    except (OSError, ValueError) as fault:
        return not_started(command[0], fault)


def not_started(program: str, fault: "OSError | ValueError") -> int:
    """Say why a command was not started; return the exit status for that."""
    if isinstance(fault, FileNotFoundError | NotADirectoryError):
        warn(f"{program}: there is no such command")
        return NOT_FOUND
    reason = fault.strerror if isinstance(fault, OSError) and fault.strerror else "it cannot be started"
    warn(f"{program}: {reason.lower()}")
    return NOT_EXECUTABLE
