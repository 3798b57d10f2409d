"""login: get a token by OAuth, with its owner's agreement in a browser."""

import time
from datetime import datetime

from keybound.cli.console.arguments import add_token, add_yes, parser
from keybound.cli.console.io import confirm_harm, ensure_store, has_terminal, own_context
from keybound.cli.console.output import flush, say, warn
from keybound.custody.context.context import Context
from keybound.custody.profiles.choose_profile import token_named
from keybound.custody.profiles.library import Library
from keybound.custody.programs.browser import open_page
from keybound.custody.rotation.login import Login, ask_once, begin_login, finish_login
from keybound.custody.rotation.oauth_answers import Access, Wait
from keybound.custody.tokens.consequences import consequences
from keybound.domain.errors import RefusedError
from keybound.domain.values.moments import moment_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser


def login_parser() -> "ArgumentParser":
    """What ``login`` takes."""
    parse = parser(
        "login",
        "keybound login staging/api",
        "keybound login api --no-browser",
        more="For tokens whose definition names an OAuth server. You enter a code on its page, in any browser.",
    )
    add_token(parse)
    parse.add_argument("--no-browser", action="store_true", help="Only print the page's address.")
    add_yes(parse, "Log in even if a boundary would withhold or expire the token.")
    return parse


def login(argv: list[str]) -> int:
    """Show the code, wait, store."""
    options, context = login_parser().parse_args(argv), own_context()
    token = token_named(context, options.token)
    ensure_store(context)
    harm = consequences(context, token, Library(context.home).page(token.profile).text)
    confirm_harm(harm, f"Log in to {token} anyway?", yes=options.yes)
    begun = begin_login(context, token)
    say(f"Open {begun.code.page} and enter the code {begun.code.user_code}")
    flush()
    if not options.no_browser and has_terminal():
        open_page(context.environ, begun.code.page_with_code)
    judged = finish_login(context, begun, _agreed(context, begun))
    envelope = judged.held.envelope
    ends = (
        f", until {moment_words(datetime.fromisoformat(envelope.expires_at))}"
        if envelope and envelope.expires_at
        else ""
    )
    say(f"{judged.verdict.state.glyph} {token} is stored and {judged.verdict.state.word}{ends}")
    if envelope is not None and envelope.oauth is None:
        warn(f"{token}: its server gave nothing to refresh it with; log in again when it ends")
    return 0


def _agreed(context: Context, begun: Login) -> Access:
    until, pause = time.monotonic() + begun.code.expires_in, begun.code.interval
    while time.monotonic() < until:
        time.sleep(pause)
        found = ask_once(context, begun)
        if not isinstance(found, Wait):
            return found
        pause += found.value
    raise RefusedError("nobody entered the code in time", hint=f"Nothing was stored. Run: keybound login {begun.token}")
