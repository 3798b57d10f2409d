"""verify: check a minted token from standard input."""

import json
from argparse import Namespace
from typing import Any

from keybound.cli.console.arguments import add_json, parser
from keybound.cli.console.io import own_context, put_json, read_secret
from keybound.cli.console.output import say, warn
from keybound.custody.context.paths import from_here
from keybound.custody.profiles.choose_profile import token_named
from keybound.custody.release.checking import check_own
from keybound.domain.errors import BadInputError
from keybound.domain.text.compact_json import loads_strictly
from keybound.domain.text.sanitize import clean
from keybound.domain.text.secret import Secret, expose_secret
from keybound.sources.files.open_file import Content, open_once
from keybound.verify import VerificationError, Verified
from keybound.verify import verify as verify_token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser


def verify_parser() -> "ArgumentParser":
    """What ``verify`` takes."""
    parse = parser(
        "verify",
        "printenv DEPLOY_TOKEN | keybound verify staging/deploy",
        'keybound verify --jwks jwks.json --audience https://deploy.example.com --config "$APPROVED" < token',
        more="With TOKEN the keys come from the store, and issuer, audience and configuration from its definition; else from a "
        "key set, and no home is needed.",
        secret=True,
    )
    parse.add_argument("token", nargs="?", metavar="TOKEN", help="The minted token that it should be one of.")
    parse.add_argument("--jwks", metavar="FILE", help="The key set to check it by, as `jwks` prints it.")
    parse.add_argument(
        "--audience", action="append", default=[], metavar="WHO", help="For whom it must be (repeatable: any of them)."
    )
    parse.add_argument("--issuer", metavar="WHO", help="Who must have issued it.")
    parse.add_argument(
        "--config",
        action="append",
        default=[],
        metavar="DIGEST",
        help="Under which configuration it must be minted (repeatable: any of them).",
    )
    add_json(parse)
    return parse


def verify(argv: list[str]) -> int:
    """Check a token; exit 1 where it is not to be accepted."""
    options = verify_parser().parse_args(argv)
    if bool(options.token) is bool(options.jwks):
        raise BadInputError("give either TOKEN or --jwks FILE", hint="See: keybound verify --help")
    if options.token and (options.audience or options.issuer):
        raise BadInputError("TOKEN says for whom it is and who issued it", hint="Leave out --audience and --issuer.")
    if options.jwks and not options.audience:
        raise BadInputError("--audience is missing", hint="Say for whom the token must be.")
    keys = _key_set(from_here(options.jwks)) if options.jwks else {}
    text = _text(read_secret("Token"))
    try:
        found = _checked(options, keys, text)
    except VerificationError as fault:
        why = clean(str(fault))
        if options.json:
            put_json({"valid": False, "why": why})
        warn(f"the token is not accepted: {why}")
        return 1
    if options.json:
        put_json({"valid": True, "id": _id(found), "key": found.key_id, "config": found.config, "claims": found.claims})
    else:
        _say(found)
    return 0


def _checked(options: Namespace, keys: dict[str, Any], text: str) -> Verified:
    if not options.token:
        return verify_token(text, keys, audience=options.audience, issuer=options.issuer, config=options.config or None)
    context = own_context()
    return check_own(context, token_named(context, options.token), text, options.config)


def _text(secret: Secret) -> str:
    return expose_secret(secret).decode("utf-8", "replace").strip()


def _key_set(path: str) -> dict[str, Any]:
    content = open_once(path)
    if not isinstance(content, Content):
        raise BadInputError(f"it cannot be read: {content.why}", where=path)
    try:
        found = loads_strictly(content.data.decode())
    except ValueError:
        raise BadInputError("it is not JSON", where=path) from None
    if not isinstance(found, dict) or not isinstance(found.get("keys"), list):
        raise BadInputError("it is no key set: it has no list of keys", where=path, hint="Make one: keybound jwks")
    return found


def _id(found: Verified) -> str:
    return clean(f"{found.profile}/{found.name}")


def _say(found: Verified) -> None:
    say(f"{_id(found)} signed it, by its key {found.key_id}")
    say(f"  configuration  {found.config}")
    for name, value in found.claims.items():
        say(f"  {name:<13}  {json.dumps(value)}")
