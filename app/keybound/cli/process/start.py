"""Start a command with what was released: the one place where ``exec`` hands over."""

import errno
import os

from keybound.cli.client import client
from keybound.cli.console.output import warn
from keybound.custody.context.caller import acts_for_another
from keybound.custody.context.exported import HELD, write_held
from keybound.domain.text.secret import expose_secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from signal import SIG_DFL, SIGPIPE, SIGXFSZ, signal

    from keybound.domain.text.secret import Secret

    Variables = Mapping[str, tuple[str, Secret]]
else:
    from _signal import SIG_DFL, SIGPIPE, SIGXFSZ, signal  # ``signal`` itself makes enums: 3 ms of each exec

_OWN = ("KEYBOUND_PASSWORD_FILE", "KEYBOUND_PASSWORD_COMMAND", HELD)
NOT_FOUND, NOT_EXECUTABLE = 127, 126


class ExecRequest(Exception):  # no error: it is for the caller to become the command
    """The command that the process that asked is to become."""

    def __init__(self, program: str, command: list[str], environment: dict[bytes, bytes]) -> None:
        super().__init__()
        self.program, self.command, self.environment = program, command, environment


def environment_of(base: "Mapping[str, str]", plain: "Mapping[str, str]", variables: "Variables") -> dict[bytes, bytes]:
    """The command's environment. ``base`` is the caller's, ``variables`` maps names to token ids and secrets.

    Says which of the caller's variables are hidden.
    """
    ours = (*_OWN, *_coerced(base))
    environment = {os.fsencode(name): os.fsencode(value) for name, value in base.items() if name not in ours}
    say_hidden(base, plain, "the profile's [env]")
    for name, (id_, _) in variables.items():
        say_hidden(base, [name], id_)
    environment.update({name.encode(): text.encode("utf-8", "surrogateescape") for name, text in plain.items()})
    values = {name: (id_, expose_secret(secret)) for name, (id_, secret) in variables.items()}
    environment.update({name.encode(): value for name, (_, value) in values.items()})
    if held := write_held(values):
        environment[HELD.encode()] = held.encode()
    return environment


def say_hidden(base: "Mapping[str, str]", names: "Iterable[str]", owner: str) -> None:
    """Say which of the caller's variables ``owner`` hides."""
    for name in names:
        if name in base:
            warn(f"{owner} overrides {name} from this shell")


def _coerced(base: "Mapping[str, str]") -> tuple[str, ...]:
    """``LC_CTYPE`` where Python set it for itself when it started (PEP 538: in the C locale), not the caller."""
    if (
        acts_for_another()
        or base.get("LC_ALL")
        or base.get("LANG", "C") not in ("", "C", "POSIX")
        or "LC_CTYPE" not in base
    ):
        return ()
    try:
        with open("/proc/self/environ", "rb") as file:
            given = file.read().split(b"\0")
    except OSError:
        return ()
    return () if any(one.startswith(b"LC_CTYPE=") for one in given) else ("LC_CTYPE",)


def start(program: str, command: list[str], environment: dict[bytes, bytes]) -> int:
    """Replace this process by the command; return only where it cannot be started, with the exit status for that.

    ``program`` is the file that was judged and journaled: no PATH of the command's own may choose another.
    """
    if acts_for_another():
        raise ExecRequest(program, command, environment)
    client.start_if_missed()
    for ignored_by_python in (SIGPIPE, SIGXFSZ):
        signal(ignored_by_python, SIG_DFL)  # else the command would not end with the reader of its output
    try:
        os.execve(program, command, environment)
    except (OSError, ValueError) as fault:
        return not_started(command[0], fault)


def why_not_found(name: str) -> OSError:
    """What the system says of a command that no program was found for: it is missing, or may not be run."""
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep) if name and not os.path.dirname(name) else [""]
    there = any(os.path.exists(os.path.join(folder, name)) for folder in folders)
    return PermissionError(errno.EACCES, os.strerror(errno.EACCES)) if there else FileNotFoundError()


def not_started(program: str, fault: "OSError | ValueError") -> int:
    """Say why a command was not started; return the exit status for that."""
    if isinstance(fault, FileNotFoundError | NotADirectoryError):
        warn(f"{program}: command not found")
        return NOT_FOUND
    reason = fault.strerror if isinstance(fault, OSError) and fault.strerror else "cannot be started"
    warn(f"{program}: {reason.lower()}")
    return NOT_EXECUTABLE
