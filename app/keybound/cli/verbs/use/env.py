"""env: print what a shell evaluates."""

from keybound.cli.console.arguments import add_profile, add_verbose, parser
from keybound.cli.console.io import own_context
from keybound.cli.console.output import put_bytes, warn
from keybound.custody.context.caller import who
from keybound.custody.profiles.choose_profile import profile_in_use
from keybound.custody.release.release import Asked, Released, release
from keybound.custody.shell_state.env_diff import values_of
from keybound.domain.errors import BadInputError
from keybound.domain.verdict.states import Way
from keybound.shells.registry import SHELLS, get_shell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Mapping

    from keybound.shells.base import Shell


def env_parser() -> "ArgumentParser":
    """What ``env`` takes."""
    parse = parser(
        "env",
        'eval "$(keybound env staging)"',
        "keybound env --shell json | jq -r .GITHUB_TOKEN",
        more="If a token is withheld, it says so and exits with status 1.",
    )
    add_profile(parse)
    parse.add_argument(
        "--shell",
        choices=list(SHELLS),
        help="The output format (default: for the calling shell).",
    )
    add_verbose(parse)
    return parse


def env(argv: list[str]) -> int:
    """Print what a shell evaluates."""
    options = env_parser().parse_args(argv)
    context = own_context()
    profile = profile_in_use(context, options.profile)
    name = options.shell or _caller()
    shell = get_shell(name)
    released = release(context, profile, Asked(Way.SHELL, who(f"env --shell {name}")))
    if options.verbose and not options.shell:
        warn(f"printed for {name}, the calling shell")
    values = values_of(released.plain, released.variables)
    good, faults = _holdable(shell, {name: value for name, (_, value) in values.items()})
    put_bytes(shell.export(good))
    for fault in faults:
        warn(str(fault))
    return max(say_withheld(released, verbose=options.verbose), 1 if faults else 0)


def _caller() -> str:
    """The shell that called. Raises BadInputError where none is known."""
    import os

    from keybound.cli.console.calling_shell import calling_shell

    if name := calling_shell(os.environ):
        return name
    raise BadInputError("cannot tell which shell this is for", hint=f"Name it: --shell {'|'.join(SHELLS)}")


def _holdable(shell: "Shell", values: "Mapping[str, bytes]") -> "tuple[dict[str, bytes], list[BadInputError]]":
    """The values that this form can hold, and why it cannot hold the others: one of them stops no other."""
    good, faults = {}, []
    for name, value in values.items():
        try:
            shell.assign(name, value)
            good[name] = value
        except BadInputError as fault:
            faults.append(fault)
    return good, faults


def say_withheld(released: Released, *, verbose: bool = False) -> int:
    """Say what was withheld and what its owner should hear; return the exit status for that.

    ``verbose``: also what its definition never lets out this way.
    """
    for note in released.notes:
        warn(note)
    for one in released.passed if verbose else ():
        warn(f"{one.id} is skipped: {one.why}")
    for one in released.withheld:
        warn(f"{one.id} is withheld ({one.state}): {one.why}")
    return 1 if released.withheld else 0
