"""unlock: unlock the store."""

from keybound.cli.console.arguments import parser
from keybound.cli.console.io import own_context, passphrase_prompt
from keybound.cli.console.output import say
from keybound.cli.verbs.maintain.lock import store_name
from keybound.domain.errors import KeyboundError
from keybound.stores.choice import store_kind
from keybound.stores.generation import touch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser


def unlock_parser() -> "ArgumentParser":
    """What ``unlock`` takes."""
    return parser(
        "unlock",
        "keybound unlock",
        "KEYBOUND_PASSWORD_FILE=~/.keybound-passphrase keybound unlock",
        more="Hooked shells get their tokens back at the next prompt.",
    )


def _unlocking(fault: KeyboundError, label: str) -> KeyboundError:
    """The fault with a hint that does not name this very command."""
    if "keybound unlock" in fault.hint:
        files = "Type the passphrase at a terminal, or set KEYBOUND_PASSWORD_FILE or KEYBOUND_PASSWORD_COMMAND."
        fault.hint = files if store_kind(label).typed else "Unlock it in your desktop's password manager."
    return fault


def unlock(argv: list[str]) -> int:
    """Unlock the store in use."""
    unlock_parser().parse_args(argv)
    context = own_context()
    try:
        context.store.unlock(passphrase_prompt())
    except KeyboundError as fault:
        raise _unlocking(fault, context.store.label) from None
    touch(context.home.generation)
    say(f"the {store_name(context)} is unlocked")
    return 0
