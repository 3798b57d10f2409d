"""jwks: the public keys of minted tokens, for whoever checks them."""

from keybound.cli.console.arguments import parser
from keybound.cli.console.io import own_context, put_json
from keybound.cli.console.output import put, warn
from keybound.custody.profiles.choose_profile import profile_in_use
from keybound.custody.release.public_keys import public_keys
from keybound.domain.values.names import check_name
from keybound.jose.families import as_pem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser


def jwks_parser() -> "ArgumentParser":
    """What ``jwks`` takes."""
    parse = parser(
        "jwks",
        "keybound jwks staging > jwks.json",
        "keybound jwks staging --pem > keys.pem",
        more="A retired key is among them until the last token that it signed has ended. Keys of HS256 are never printed.",
    )
    parse.add_argument(
        "profiles", nargs="*", metavar="PROFILE", help="Whose tokens (repeatable; default: the profile in use)."
    )
    parse.add_argument("--pem", action="store_true", help="Print PEM, one key after the other, instead of a key set.")
    parse.add_argument(
        "--json", action="store_true", help="With --pem: a JSON array of them. A key set is always JSON."
    )
    return parse


def jwks(argv: list[str]) -> int:
    """Print a key set."""
    options, context = jwks_parser().parse_args(argv), own_context()
    names = [check_name(name, "profile") for name in options.profiles] or [profile_in_use(context)]
    found = public_keys(context, names)
    for line in found.left_out:
        warn(line)
    pems = [as_pem(key) for key in found.keys] if options.pem else []
    if options.pem and options.json:
        put_json(pems)
    elif options.pem:
        put("".join(pems))
    else:
        put_json({"keys": list(found.keys)})
    return 0
