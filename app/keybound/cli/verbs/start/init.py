"""init: choose where secrets are kept, and create the first profile."""

from keybound.cli.console.arguments import parser
from keybound.cli.console.calling_shell import calling_shell
from keybound.cli.console.io import ensure_store, own_context
from keybound.cli.console.output import say
from keybound.custody.application.first_profile import first_profile
from keybound.shells.registry import get_hook
from keybound.stores.choice import store_kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser


def init_parser() -> "ArgumentParser":
    """What ``init`` takes."""
    return parser("init", "keybound init", "KEYBOUND_STORE=file keybound init", more="Running it again is harmless.")


def init(argv: list[str]) -> int:
    """Choose a store and make the profile `default`; again is harmless."""
    init_parser().parse_args(argv)
    context = own_context()
    kind = ensure_store(context)
    profile = first_profile(context)
    say(f"Secrets are kept in {store_kind(kind).keeps}.")
    say(f"Profile in use: {profile} (profiles are in {context.home.profiles})")
    say("Next: keybound add github")
    shell = calling_shell(context.environ)
    if shell:
        hook = get_hook(shell)
        say(f"To have your tokens in every {shell}, add this to {hook.rc_file}:")
        say(f"  {hook.rc_line}")
    return 0
