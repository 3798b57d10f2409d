"""exec: run a command with a profile's variables."""

import os

from keybound.cli.console.arguments import add_only, add_profile, add_verbose, parser
from keybound.cli.console.io import own_context
from keybound.cli.console.output import warn
from keybound.cli.process.start import environment_of, not_started, say_hidden, start, why_not_found
from keybound.cli.verbs.use.env import say_withheld
from keybound.custody.context.caller import needs_the_caller, who
from keybound.custody.context.context import Context
from keybound.custody.context.exported import own_environment
from keybound.custody.context.paths import find_program
from keybound.custody.profiles.choose_profile import profile_in_use
from keybound.custody.profiles.library import Library
from keybound.custody.release.release import Asked, Released, release
from keybound.domain.errors import BadInputError, NotFoundError
from keybound.domain.text.secret import Secret
from keybound.domain.verdict.states import Way

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def exec_(argv: list[str]) -> int:
    """Run a command with the profile's variables."""
    ours, command = split_command(argv)
    options = exec_parser().parse_args(ours)
    if not command:
        raise BadInputError("no command given", hint="Run: keybound exec [PROFILE] -- COMMAND")
    if options.mask or options.watch or options.file or options.env_file:
        needs_the_caller()
    context = own_context()
    program = find_program(command[0], os.environ.get("PATH", os.defpath))
    released = released_for(context, profile_in_use(context, options.profile), program, command, options.only)
    status = say_withheld(released, verbose=options.verbose)
    if status and not options.keep_going:
        warn("the command was not started (--keep-going starts it anyway)")
        return status
    return _run(context, options, program, command, released)


def exec_parser() -> "ArgumentParser":
    """What ``exec`` takes before ``--``."""
    parse = parser(
        "exec",
        "keybound exec -- terraform plan",
        "keybound exec staging --only github --mask -- gh release list",
        more="Keybound replaces itself with the command, so the exit status is the command's.",
        command=True,
    )
    add_profile(parse)
    add_only(parse)
    parse.add_argument("--keep-going", action="store_true", help="Run even if a token is withheld.")
    add_verbose(parse)
    parse.add_argument("--pristine", action="store_true", help="Start with an environment of only these variables.")
    parse.add_argument("--mask", action="store_true", help="Mask the secrets in what the command prints.")
    parse.add_argument(
        "--watch", choices=["warn", "stop", "kill"], help="Watch the tokens while it runs; do this if one is lost."
    )
    parse.add_argument(
        "--file",
        action="append",
        default=[],
        metavar="VAR",
        help="Pass VAR as a private file, whose path is in VAR_FILE (repeatable).",
    )
    parse.add_argument(
        "--env-file",
        metavar="FILE",
        help="Add the variables of a dotenv file, with {{ token }} placeholders filled in.",
    )
    return parse


def split_command(argv: list[str]) -> tuple[list[str], list[str]]:
    """What stands before and after the first ``--``."""
    at = argv.index("--") if "--" in argv else len(argv)
    return argv[:at], argv[at + 1 :]


def released_for(context: Context, profile: str, program: str, command: list[str], only: list[str] | None) -> Released:
    """Release a profile's tokens to a command. Raises NotFoundError for a name in ``only`` that is no token.

    ``program``: the file that is run for it, "" where there is none.
    """
    by = who(os.path.realpath(program) if program else command[0], len(command) - 1)
    wanted = frozenset(only) if only else None
    released = release(context, profile, Asked(Way.EXEC, by, wanted))
    if missing := (wanted or frozenset()) - {one.id.name for one in released.evaluation.judged}:
        raise NotFoundError(f"{profile} has no token {', '.join(sorted(missing))}")
    return released


def _run(context: Context, options: "Namespace", program: str, command: list[str], released: Released) -> int:
    if not program:
        return not_started(command[0], why_not_found(command[0]))
    base = {} if options.pristine else own_environment(os.environ)
    environment = environment_of(base, released.plain, released.variables)
    if options.env_file:
        from keybound.cli.process.delivery import read_template, variables_of

        given = variables_of(
            options.env_file,
            read_template(options.env_file),
            secrets_by_name(released),
            Library(context.home).policy().variables,
        )
        say_hidden(base, map(os.fsdecode, given), options.env_file)
        environment.update(given)
    if options.file:
        from keybound.cli.process.delivery import hand_as_files

        say_hidden(base, hand_as_files(environment, options.file, released.variables), "--file")
    if not (options.mask or options.watch):
        return start(program, command, environment)
    from keybound.cli.process.supervise import supervise

    return supervise(context, program, command, environment, released, mask=options.mask, on_loss=options.watch)


def secrets_by_name(released: Released) -> dict[str, Secret]:
    """The secrets that may leave, by their tokens' names."""
    return {id_.partition("/")[2]: secret for id_, secret in released.variables.values()}
