"""store: move the secrets to another store; change the file store's passphrase or key."""

from keybound.cli.console.arguments import add_yes, parser
from keybound.cli.console.io import ask_secret, confirm, has_terminal, new_passphrase, own_context, passphrase_prompt
from keybound.cli.console.output import say, warn
from keybound.custody.store_change.file_store_keys import FileStoreKeys
from keybound.custody.store_change.move_store import StoreMove
from keybound.domain.errors import StoreLockedError
from keybound.domain.text.counts import plural
from keybound.domain.text.secret import Secret
from keybound.stores.age import passphrase
from keybound.stores.age.age_file import AgeFileStore
from keybound.stores.choice import STORES, store_kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from keybound.custody.context.context import Context

_SOME = 100  # items after which it is said how far it is


def store_parser() -> "ArgumentParser":
    """What ``store`` takes."""
    parse = parser(
        "store",
        "keybound store move keyring file",
        "keybound store passwd",
        "keybound store rekey",
        more="If it is interrupted, the same command goes on; no secret is lost.",
    )
    acts = parse.add_subparsers(dest="act", required=True, metavar="ACT")
    move = acts.add_parser("move", help="Move all secrets to another store, and use that one.")
    move.add_argument("source", metavar="FROM", choices=tuple(STORES), help="The store in use: keyring or file.")
    move.add_argument("target", metavar="TO", choices=tuple(STORES), help="The store to move to.")
    move.add_argument("--replace", action="store_true", help="Replace other secrets of this home that it already has.")
    move.add_argument("--cancel", action="store_true", help="Give up an interrupted move, and delete its copies.")
    add_yes(move)
    passwd = acts.add_parser("passwd", help="Change the file store's passphrase.")
    passwd.add_argument("--new-password-file", metavar="FILE", help="Read the new passphrase from this file.")
    acts.add_parser("rekey", help="Encrypt the file store anew, with a new key.")
    return parse


def store(argv: list[str]) -> int:
    """Move, change the passphrase, or change the key."""
    options, context = store_parser().parse_args(argv), own_context()
    if options.act == "move":
        return _move(context, options)
    return _passwd(context, options.new_password_file) if options.act == "passwd" else _rekey(context)


def _move(context: "Context", options: "Namespace") -> int:
    move = StoreMove(context, options.source, options.target)
    if options.cancel:
        move.open(passphrase_prompt())
        say(f"the move is cancelled; {plural(move.cancel(), 'copy', 'copies')} deleted")
        return 0
    former, new = store_kind(options.source), store_kind(options.target)
    confirm(f"Move all secrets from {former.keeps} to {new.keeps}?", yes=options.yes)
    if isinstance(move.target, AgeFileStore) and not move.target.exists():
        move.target.create(passphrase.offered(context.environ) or new_passphrase())
    move.open(passphrase_prompt())
    moved = move.run(_told, replace=options.replace)
    say(f"{plural(moved.items, 'item')} moved; secrets are now kept in {new.keeps}")
    for id_ in moved.left:
        warn(f"{id_} is left in {former.keeps}, because {new.keeps} no longer has it")
    return 0


def _passwd(context: "Context", file: str | None) -> int:
    keys = FileStoreKeys(context)
    now = _current(context)
    keys.change_passphrase(now, passphrase.offered({passphrase.FILE: file or ""}) or new_passphrase())
    say("the passphrase is changed")
    say("An older copy of the store, such as a backup of its folder, still opens with the former passphrase;")
    say("to make what is stored from now on unreadable with such a copy: keybound store rekey")
    given = next((name for name in (passphrase.FILE, passphrase.COMMAND) if context.environ.get(name)), "")
    if given:
        warn(f"{given} still has to be changed, if it gives the former passphrase")
    return 0


def _rekey(context: "Context") -> int:
    count = FileStoreKeys(context).rekey(_current(context), _told)
    say(f"{plural(count, 'item')} encrypted anew, with a new key")
    return 0


def _current(context: "Context") -> Secret:
    """The passphrase in use, also where the store is open. Raises StoreLockedError where nobody can say it."""
    given = passphrase.offered(context.environ)
    if given is not None:
        return given
    if not has_terminal():
        raise StoreLockedError(
            "this needs the file store's passphrase, and there is no terminal to ask for it",
            hint="Set KEYBOUND_PASSWORD_FILE or KEYBOUND_PASSWORD_COMMAND.",
        )
    return ask_secret("Current passphrase for the file store")


def _told(done: int, of: int) -> None:
    if of > _SOME and done % _SOME == 0:
        say(f"{done:,} of {of:,}")
