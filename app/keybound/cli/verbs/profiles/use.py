"""use: switch to a profile, or show which one is in use."""

from keybound.cli.console.arguments import parser
from keybound.cli.console.io import own_context
from keybound.cli.console.output import put_bytes, say, warn
from keybound.custody.profiles.choose_profile import activate, choose, previous_profile
from keybound.custody.profiles.library import Library
from keybound.domain.errors import BadInputError
from keybound.domain.values.names import check_name
from keybound.shells.registry import get_shell, hooked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser


def use_parser() -> "ArgumentParser":
    """What ``use`` takes."""
    parse = parser(
        "use",
        "keybound use staging",
        "keybound use -",
        "keybound use --all staging",
        "keybound use",
        more="In a hooked shell, this affects only that shell; elsewhere, all shells that follow the active profile.",
    )
    parse.add_argument(
        "profile", nargs="?", metavar="PROFILE", help="The profile to switch to; - for the previous one."
    )
    parse.add_argument(
        "--all", action="store_true", help="Switch all shells that follow the active profile, even from a hooked shell."
    )
    parse.add_argument("--shell", choices=hooked(), help="Print what pins this shell to the profile; used by the hook.")
    return parse


def use(argv: list[str]) -> int:
    """Make a profile the active one, or print what pins the calling shell."""
    options = use_parser().parse_args(argv)
    context = own_context()
    if options.shell:
        return _pin(options.shell, "-" if options.profile is None else options.profile)
    if options.all and options.profile in (None, "-"):
        raise BadInputError("--all needs a profile", hint="Run: keybound use --all PROFILE")
    if options.profile is None:
        chosen = choose(context)
        for note in chosen.notes:
            warn(note)
        say(f"{chosen.profile}  ({chosen.how})")
        return 0
    name = previous_profile(context) if options.profile == "-" else check_name(options.profile, "profile")
    activate(context, name)
    say(f"switched to {name}, in every shell that follows the active profile")
    return 0


def _pin(shell: str, name: str) -> int:
    form = get_shell(shell)
    if name == "-":
        put_bytes(form.unset("KEYBOUND_PROFILE"))
        return 0
    Library(own_context().home).load(check_name(name, "profile"))
    put_bytes(form.assign("KEYBOUND_PROFILE", name.encode()))
    return 0
