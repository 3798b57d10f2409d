"""init, use, lock and unlock."""

from keybound.cli.arguments import parser
from keybound.cli.calling_shell import calling_shell
from keybound.cli.io import asker, ensure_store, keeper
from keybound.cli.lines import put_bytes, say, warn
from keybound.custody.profiles.choose_profile import activate, active_profile, choose, previous_profile
from keybound.custody.profiles.library import Library
from keybound.custody.profiles.templates import new_profile, write_schemas
from keybound.custody.tokens.edit import save_text
from keybound.domain.errors import BadInput, KeyboundError
from keybound.domain.values.names import check_name
from keybound.shells.registry import get_hook, get_shell, hooked
from keybound.stores.choice import store_kind
from keybound.stores.generation import touch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser

    from keybound.custody.context.keeper import Keeper


def init_parser() -> "ArgumentParser":
    """What ``init`` takes."""
    return parser("init", "keybound init", "KEYBOUND_STORE=file keybound init", more="Running it again is harmless.")


def init(argv: list[str]) -> int:
    """Choose a store and make the profile `default`; again is harmless."""
    init_parser().parse_args(argv)
    keep = keeper()
    kind = ensure_store(keep)
    write_schemas(keep)
    if not Library(keep.home).names():
        save_text(keep, "default", new_profile("My tokens"), None)
    if not active_profile(keep):
        activate(keep, Library(keep.home).names()[0])
    say(f"Secrets are kept in {store_kind(kind).keeps}.")
    say(f"Profile in use: {active_profile(keep)} (profiles are in {keep.home.profiles})")
    say("Next: keybound add default/github --env GITHUB_TOKEN")
    shell = calling_shell(keep.environ)
    if shell:
        hook = get_hook(shell)
        say(f"To have your tokens in every {shell}, add this to {hook.rc_file}:")
        say(f"  {hook.rc_line}")
    return 0


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
    keep = keeper()
    if options.shell:
        return _pin(options.shell, "-" if options.profile is None else options.profile)
    if options.all and options.profile in (None, "-"):
        raise BadInput("--all needs a profile", hint="Run: keybound use --all PROFILE")
    if options.profile is None:
        chosen = choose(keep)
        for note in chosen.notes:
            warn(note)
        say(f"{chosen.profile}  ({chosen.how})")
        return 0
    name = previous_profile(keep) if options.profile == "-" else check_name(options.profile, "profile")
    activate(keep, name)
    say(f"switched to {name}, in every shell that follows the active profile")
    return 0


def _pin(shell: str, name: str) -> int:
    form = get_shell(shell)
    if name == "-":
        put_bytes(form.unset("KEYBOUND_PROFILE"))
        return 0
    Library(keeper().home).load(check_name(name, "profile"))
    put_bytes(form.assign("KEYBOUND_PROFILE", name.encode()))
    return 0


def lock_parser() -> "ArgumentParser":
    """What ``lock`` takes."""
    return parser(
        "lock", "keybound lock", "keybound lock && keybound list", more="Shells keep only what they may still hold."
    )


def lock(argv: list[str]) -> int:
    """Lock the store in use."""
    lock_parser().parse_args(argv)
    keep = keeper()
    keep.store.lock()
    touch(keep.home.generation)
    say(f"the {_store(keep)} is locked")
    return 0


def _store(keep: "Keeper") -> str:
    return store_kind(keep.store.label).name


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
    keep = keeper()
    try:
        keep.store.unlock(asker())
    except KeyboundError as fault:
        raise _unlocking(fault, keep.store.label) from None
    touch(keep.home.generation)
    say(f"the {_store(keep)} is unlocked")
    return 0
