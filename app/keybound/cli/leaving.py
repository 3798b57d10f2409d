"""env and exec: the ways out to shells and processes."""

import os
import sys

from keybound.cli.io import keeper, parser
from keybound.cli.lines import warn
from keybound.cli.start import start
from keybound.custody.asker import who
from keybound.custody.choose_profile import profile_in_use
from keybound.custody.held import own_environment
from keybound.custody.paths import find_program
from keybound.custody.release import Asked, Released, release
from keybound.domain.errors import BadInput, NotFound
from keybound.domain.secret import unwrap
from keybound.domain.states import Way


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
    program = find_program(command[0], os.environ.get("PATH", os.defpath))
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
    return start(command, base, released.plain, released.variables)


def _split(argv: list[str]) -> tuple[list[str], bool, list[str]]:
    if "--" not in argv:
        return argv, False, []
    at = argv.index("--")
    return argv[:at], True, argv[at + 1 :]


def _say_withheld(released: Released) -> int:
    for note in released.notes:
        warn(note)
    for one in released.withheld:
        warn(f"{one.id} is withheld ({one.state}): {one.why}")
    return 1 if released.withheld else 0
