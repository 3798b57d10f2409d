"""refresh: replace a token's secret."""

from keybound.cli.console.arguments import parser
from keybound.cli.console.io import at_terminal, own_context, read_secret
from keybound.cli.console.output import say, warn
from keybound.custody.application.watching import do_due
from keybound.custody.context.context import Context
from keybound.custody.evaluation.evaluate import Judged, find
from keybound.custody.probing.due import run_due_probes
from keybound.custody.profiles.choose_profile import token_named
from keybound.custody.profiles.library import Library
from keybound.custody.programs.browser import open_page
from keybound.custody.providers.catalogue import page_of
from keybound.custody.rotation.by_hand import refresh as refresh_token
from keybound.custody.rotation.obtain import is_automatic
from keybound.custody.rotation.renew import refresh_by_definition
from keybound.custody.rotation.revocation import revoke_pending
from keybound.custody.rotation.signing_key import rotate_signing_key
from keybound.custody.tokens.expire import evaluate_and_record
from keybound.domain.errors import BadInputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser


_MOST_PROBES = 100  # at once; the rest an hour later


def refresh_parser() -> "ArgumentParser":
    """What ``refresh`` takes."""
    parse = parser(
        "refresh",
        "keybound refresh staging/github",
        "./mint-token | keybound refresh github --by-hand",
        "keybound refresh --due",
        more="Gets the secret as its definition says; otherwise asks for it, or reads standard input. A minted token gets a "
        "new signing key; with --by-hand it takes the key that a verifier of HS256 gave.",
        secret=True,
    )
    parse.add_argument("token", nargs="?", metavar="TOKEN", help="PROFILE/NAME, or NAME in the profile in use.")
    parse.add_argument("--by-hand", action="store_true", help="Ask for the secret even if it can be got by itself.")
    parse.add_argument(
        "--due", action="store_true", help="For timers: refresh, revoke and probe what is due, and nothing else."
    )
    return parse


def refresh(argv: list[str]) -> int:
    """Replace the secret."""
    options, context = refresh_parser().parse_args(argv), own_context()
    if (options.token is None) is not options.due:
        raise BadInputError("say what to refresh", hint="Run: keybound refresh TOKEN, or keybound refresh --due")
    if options.due:
        return _due(context)
    token = token_named(context, options.token)
    judged = find(context, token)
    if options.by_hand and judged.token is not None and judged.token.mint is not None:
        say(rotate_signing_key(context, token, read_secret(f"Key of {token} that its verifier gave")))
        return 0
    if not options.by_hand and is_automatic(judged.token):
        say(refresh_by_definition(context, token))
    else:
        _show_page(context, judged)
        refresh_token(context, token, read_secret(f"New secret for {token}"))
        say(f"{token} has a new secret")
    for tried in revoke_pending(context, frozenset([str(token)])):
        say(tried.line)
    return 0


def _show_page(context: Context, judged: Judged) -> None:
    """Where a new one is made, for somebody who is about to type it."""
    if not at_terminal() or judged.token is None or not (page := page_of(context.home, judged.token.kind)):
        return
    opened = open_page(context.environ, page)
    say(f"Make a new one here{' (opened in your browser)' if opened else ''}: {page}")


def _due(context: Context) -> int:
    """Status 1 where something failed that is now tried later."""
    evaluation = evaluate_and_record(context, Library(context.home).names())
    done = do_due(context, evaluation)
    for tried in done:
        say(tried.line)
    probes = run_due_probes(context, evaluation.judged, _MOST_PROBES)
    for probed in probes.probed:
        say(str(probed))
    for fault in probes.faults:
        warn(fault)
    return 1 if probes.faults or any(one.failed for one in done) else 0
