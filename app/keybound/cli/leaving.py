"""env and exec: the ways out to shells and processes."""

import os
import shutil
import sys

from keybound.cli.io import keeper, parser, warn
from keybound.custody.asker import who
from keybound.custody.choose_profile import profile_in_use
from keybound.custody.held import HELD, own_environment, write_held
from keybound.custody.release import Asked, Released, release
from keybound.domain.errors import BadInput, NotFound
from keybound.domain.secret import unwrap
from keybound.domain.states import Way

_OWN = ("KEYBOUND_PASSWORD_FILE", "KEYBOUND_PASSWORD_COMMAND", HELD)


def env(argv: list[str]) -> int:
    """Print what a shell evaluates."""
    parse = parser("env", "Print what a shell evaluates to set the profile's variables.")
    parse.add_argument("profile", nargs="?")
    parse.add_argument("--shell", required=True, choices=["bash", "zsh", "fish", "json", "dotenv"])
    options = parse.parse_args(argv)
    from keybound.shells.base import get_shell

    keep = keeper()
    profile = profile_in_use(keep, options.profile)
    shell = get_shell(options.shell)
    released = release(keep, profile, Asked(Way.SHELL, who(f"env --shell {options.shell}")))
    values = {name: text.encode("utf-8", "surrogateescape") for name, text in released.plain.items()}
    values.update({name: unwrap(secret) for name, (_, secret) in released.variables.items()})
    sys.stdout.buffer.write(shell.export(values))
    sys.stdout.buffer.flush()
    return _say_withheld(released)


def exec_(argv: list[str]) -> int:
    """Run a command with the profile's variables."""
    ours, dash, command = _split(argv)
    parse = parser("exec", "Run a command with the profile's variables.")
    parse.add_argument("profile", nargs="?")
    parse.add_argument("--only", action="append", metavar="TOKEN", help="only these tokens")
    parse.add_argument("--keep-going", action="store_true", help="run even when a token is withheld")
    parse.add_argument("--pristine", action="store_true", help="start with only what is given here")
    options = parse.parse_args(ours)
    if not dash or not command:
        raise BadInput("no command to run", hint="keybound exec [PROFILE] -- COMMAND")
    keep = keeper()
    profile = profile_in_use(keep, options.profile)
    program = shutil.which(command[0])
    only = frozenset(options.only) if options.only else None
    by = who(os.path.realpath(program) if program else command[0], len(command) - 1)
    released = release(keep, profile, Asked(Way.EXEC, by, only))
    missing = (only or frozenset()) - {one.id.name for one in released.evaluation.judged}
    if missing:
        raise NotFound(f"{profile} has no token {', '.join(sorted(missing))}")
    status = _say_withheld(released)
    if status and not options.keep_going:
        warn("the command was not started (--keep-going starts it all the same)")
        return status
    base = {} if options.pristine else own_environment(os.environ)
    return _start(command, base, released)


def _split(argv: list[str]) -> tuple[list[str], bool, list[str]]:
    if "--" not in argv:
        return argv, False, []
    at = argv.index("--")
    return argv[:at], True, argv[at + 1 :]


def _start(command: list[str], base: dict[str, str], released: Released) -> int:
    environment = {os.fsencode(k): os.fsencode(v) for k, v in base.items() if k not in _OWN}
    for name in (*released.plain, *released.variables):
        if name in base:
            warn(f"{name} of this shell is hidden by {_origin(released, name)}")
    environment.update({k.encode(): v.encode("utf-8", "surrogateescape") for k, v in released.plain.items()})
    held = write_held({name: (id_, unwrap(secret)) for name, (id_, secret) in released.variables.items()})
    environment.update({name.encode(): unwrap(secret) for name, (_, secret) in released.variables.items()})
    if held:
        environment[HELD.encode()] = held.encode()
    try:
        os.execvpe(command[0], command, environment)
    except (FileNotFoundError, NotADirectoryError):
        warn(f"{command[0]}: there is no such command")
        return 127
    except OSError as error:
        warn(f"{command[0]}: {(error.strerror or 'it cannot be started').lower()}")
        return 126


def _origin(released: Released, name: str) -> str:
    return released.variables[name][0] if name in released.variables else "the profile's [env]"


def _say_withheld(released: Released) -> int:
    for note in released.notes:
        warn(note)
    for one in released.withheld:
        warn(f"{one.id} is withheld ({one.state}): {one.why}")
    return 1 if released.withheld else 0
