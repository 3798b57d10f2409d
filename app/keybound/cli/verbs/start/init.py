"""init: choose where secrets are kept, and create the first profile."""

from keybound.cli.console.arguments import parser
from keybound.cli.console.calling_shell import calling_shell
from keybound.cli.console.io import ensure_store, own_context
from keybound.cli.console.output import say
from keybound.custody.profiles.choose_profile import activate, active_profile
from keybound.custody.profiles.library import Library
from keybound.custody.profiles.templates import new_profile, write_schemas
from keybound.custody.tokens.edit import save_text
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
    write_schemas(context)
    if not Library(context.home).names():
        save_text(context, "default", new_profile("My tokens"), None)
    if not active_profile(context):
        activate(context, Library(context.home).names()[0])
    say(f"Secrets are kept in {store_kind(kind).keeps}.")
    say(f"Profile in use: {active_profile(context)} (profiles are in {context.home.profiles})")
    say("Next: keybound add github")
    shell = calling_shell(context.environ)
    if shell:
        hook = get_hook(shell)
        say(f"To have your tokens in every {shell}, add this to {hook.rc_file}:")
        say(f"  {hook.rc_line}")
    return 0
