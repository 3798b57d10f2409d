"""lock: lock the store."""

from keybound.cli.console.arguments import parser
from keybound.cli.console.io import own_context
from keybound.cli.console.output import say
from keybound.custody.context.locking import lock_store
from keybound.stores.choice import store_kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser

    from keybound.custody.context.context import Context


def lock_parser() -> "ArgumentParser":
    """What ``lock`` takes."""
    return parser(
        "lock",
        "keybound lock",
        "keybound lock && keybound list",
        more="Shells keep only what they may still hold. The agent ends; another one starts when it is needed.",
    )


def lock(argv: list[str]) -> int:
    """Lock the store in use."""
    lock_parser().parse_args(argv)
    context = own_context()
    lock_store(context)
    say(f"the {store_name(context)} is locked")
    return 0


def store_name(context: "Context") -> str:
    """What people call the store in use."""
    return store_kind(context.store.label).name
