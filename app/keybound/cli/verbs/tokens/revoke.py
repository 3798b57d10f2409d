"""revoke: end a token's secret at its provider."""

from collections.abc import Iterable
from datetime import datetime

from keybound.cli.console.arguments import add_json, add_yes, parser
from keybound.cli.console.io import confirm, own_context, put_json
from keybound.cli.console.output import say, warn
from keybound.custody.context.context import Context
from keybound.custody.profiles.choose_profile import token_named
from keybound.custody.rotation.revocation import Pending, forget_pending, pending, revoke_pending
from keybound.custody.rotation.revoke import revoke as revoke_token
from keybound.custody.rotation.tries import Attempt, Tries
from keybound.domain.errors import BadInputError
from keybound.domain.text.counts import plural
from keybound.domain.values.moments import moment_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser


def revoke_parser() -> "ArgumentParser":
    """What ``revoke`` takes."""
    parse = parser(
        "revoke",
        "keybound revoke staging/github",
        "keybound revoke --pending",
        more="The token expires here at once. What its provider does not end now is tried again until it does.",
    )
    parse.add_argument("token", nargs="?", metavar="TOKEN", help="PROFILE/NAME, or NAME in the profile in use.")
    parse.add_argument("--pending", action="store_true", help="Try again now what is still to be revoked.")
    parse.add_argument("--list", action="store_true", help="Only show what is still to be revoked.")
    parse.add_argument("--forget", action="store_true", help="You revoked it elsewhere: do not try again.")
    add_json(parse)
    add_yes(parse)
    return parse


def revoke(argv: list[str]) -> int:
    """Revoke a token, or see to what is pending."""
    options, context = revoke_parser().parse_args(argv), own_context()
    ways = [options.pending, options.list, options.forget]
    if sum(ways) > 1 or (options.token is None and not (options.pending or options.list)):
        raise BadInputError("say what to revoke", hint="Run: keybound revoke TOKEN, or keybound revoke --pending")
    if options.list:
        return _list(context, as_json=options.json)
    if options.token is None:
        return _tell(revoke_pending(context, now=True))
    token = token_named(context, options.token)
    if options.pending:
        return _tell(revoke_pending(context, frozenset([str(token)]), now=True))
    if options.forget:
        confirm(f"Forget what is still to be revoked of {token}? It may go on working.", yes=options.yes)
        say(f"{token}: {plural(forget_pending(context, token), 'secret')} no longer to be revoked")
        return 0
    confirm(f"Revoke {token} at its provider now? It stops working everywhere, for good.", yes=options.yes)
    return _tell(revoke_token(context, token))


def _tell(tried: Iterable[Attempt]) -> int:
    tried = list(tried)
    for one in tried:
        (warn if one.failed else say)(one.line)
    if not tried:
        say("there is nothing to revoke")
    return 1 if any(one.failed for one in tried) else 0


def _list(context: Context, *, as_json: bool) -> int:
    found = sorted(pending(context))
    if as_json:
        put_json([_row(one) for one in found])
        return 0
    for one in found:
        since = moment_words(datetime.fromisoformat(one.due))
        failed = f"; tried {plural(one.failed.failures, 'time')}: {one.failed.why}" if one.failed else ""
        say(f"{one.id}: {plural(one.secrets, 'secret')} to be revoked, from {since} on{failed}")
    if not found:
        say("nothing is to be revoked")
    return 0


def _row(one: Pending) -> dict[str, object]:
    return {"id": one.id, "secrets": one.secrets, "due": one.due, "failed": _failed(one.failed) if one.failed else None}


def _failed(tries: Tries) -> dict[str, object]:
    return {"times": tries.failures, "why": tries.why, "next": tries.next_at.isoformat()}
