"""check: policy, files and scenarios, without a store; for CI and pre-commit."""

import os
from datetime import UTC, datetime

from keybound.cli.console.arguments import add_dir, add_json, add_profile, parser
from keybound.cli.console.io import put_json
from keybound.cli.console.output import say
from keybound.custody.context.home import find_home
from keybound.custody.context.paths import from_here
from keybound.custody.planning.check import Problem, config_problems
from keybound.custody.planning.check import check as run_check
from keybound.custody.profiles.library import Library
from keybound.domain.errors import NotFoundError
from keybound.domain.text.counts import plural
from keybound.domain.values.names import check_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser


def check_parser() -> "ArgumentParser":
    """What ``check`` takes."""
    parse = parser(
        "check",
        "keybound check",
        "keybound check staging --dir ./keybound --json",
        more="Profiles must parse and obey policy.toml, and their [[expect]] scenarios must hold. Needs no store.",
    )
    add_profile(parse, "The profile (default: all).")
    add_dir(parse)
    add_json(parse)
    return parse


def check(argv: list[str]) -> int:
    """Check profiles; exit 1 where something is wrong."""
    options = check_parser().parse_args(argv)
    home = find_home(os.environ)
    if options.dir:
        home = home._replace(config=from_here(options.dir))
    library = Library(home)
    names = [check_name(options.profile, "profile")] if options.profile else library.names()
    if not names:
        raise NotFoundError(f"no profiles in {home.profiles}")
    problems = [*config_problems(home), *run_check(library, names, datetime.now(UTC))]
    if options.json:
        put_json([_row(problem) for problem in problems])
    else:
        _tell(problems, len(names))
    return 1 if problems else 0


def _tell(problems: list[Problem], count: int) -> None:
    for problem in problems:
        say(str(problem))
    profiles = plural(count, "profile")
    say(f"{plural(len(problems), 'problem')} in {profiles}" if problems else f"{profiles}: no problems")


def _row(problem: Problem) -> dict[str, str]:
    return dict(problem._asdict())
