"""add: define a token, store its secret, bind it."""

from keybound.cli.console.arguments import add_yes, parser
from keybound.cli.console.io import confirm, confirm_harm, ensure_store, has_terminal, own_context, read_secret
from keybound.cli.console.output import say, warn
from keybound.cli.verbs.tokens.proposing import complete, say_possible
from keybound.custody.context.context import Context
from keybound.custody.evaluation.describe import request_rows
from keybound.custody.evaluation.evaluate import Judged
from keybound.custody.profiles.choose_profile import profile_in_use, token_named
from keybound.custody.profiles.library import Library
from keybound.custody.recognition.proposal import Offer
from keybound.custody.tokens import add as adding
from keybound.custody.tokens.consequences import consequences
from keybound.custody.tokens.edit import requests_if_approved
from keybound.domain.errors import BadInputError
from keybound.domain.values.moments import is_local, moment_words
from keybound.domain.values.names import TokenId
from keybound.domain.verdict.wording import rules_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser


def add_parser() -> "ArgumentParser":
    """What ``add`` takes."""
    parse = parser(
        "add",
        "pass show github | keybound add github",
        "keybound add staging/github --env GITHUB_TOKEN --ttl 30d",
        "keybound add staging/npm --bind 'file:~/.npmrc#registry url_host=npm.example.com'",
        "keybound add staging/deploy --env DEPLOY_TOKEN --mint 'ttl=15m audience=https://deploy.example.com'",
        more="The secret comes from a hidden prompt, or from standard input; never from an argument. What its form tells "
        "(kind, name, variable) need not be given. A minted token asks for no secret: Keybound makes a signing key for it.",
        secret=True,
    )
    parse.add_argument(
        "token",
        nargs="?",
        metavar="PROFILE/NAME",
        help="The new token; NAME alone adds it to the profile in use (default: called after its provider).",
    )
    parse.add_argument(
        "--env", action="append", default=[], metavar="VAR", help="Export it as this variable (repeatable)."
    )
    parse.add_argument(
        "--kind", default="", metavar="KIND", help="What it is: github, npm … (default: what it is recognised as)."
    )
    parse.add_argument("--scope", action="append", default=[], metavar="SCOPE", help="A scope it has (repeatable).")
    span = parse.add_mutually_exclusive_group()
    span.add_argument("--ttl", default="", metavar="SPAN", help="Expire it this long after each refresh: 12h, 30d.")
    span.add_argument("--expires", default="", metavar="WHEN", help="Expire it then: 2027-01-31, 2027-01-31T18:00.")
    parse.add_argument(
        "--bind",
        action="append",
        default=[],
        metavar="BINDING",
        help="Bind it: 'KEY RULE=VALUE …' (repeatable).",
    )
    parse.add_argument(
        "--mint",
        default="",
        metavar="FIELDS",
        help="Sign a fresh JWT at each release: 'ttl=SPAN audience=WHO [NAME=VALUE …]'.",
    )
    add_yes(
        parse,
        "Take the bindings that are proposed, and ask nothing; also approve the profile's [env] and [roles.grants].",
    )
    return parse


def add(argv: list[str]) -> int:
    """Store a token; the secret comes from a hidden prompt or standard input."""
    options = add_parser().parse_args(argv)
    context = own_context()
    token = token_named(context, options.token) if options.token else TokenId(profile_in_use(context), "")
    given = adding.NewDefinition(
        token, tuple(options.env), options.kind, tuple(options.scope), options.ttl, options.expires, tuple(options.bind)
    )
    given = _with_mint(given, options.mint) if options.mint else given
    early = given if given.env else given._replace(env=("YET_UNKNOWN",))  # the secret may tell the variable
    if token.name:
        _check(context, early)  # a bad definition is said before anything is asked
    ensure_store(context)
    parts = adding.unsealed_part(context, token.profile)
    agreed = _agree(context, early, (), yes=options.yes) if token.name else ()
    secret = None
    new, possible = given, tuple[Offer, ...]()
    if not (token.name and _is_minted(context, early)):
        secret = read_secret(f"Secret for {token}" if token.name else "Secret")
        new, possible = complete(context, given, secret, yes=options.yes)
    if new != given:
        _check(context, new)
        agreed = (*agreed, *_agree(context, new, agreed, yes=options.yes))
    files = adding.define(context, new).made
    judged = adding.add(context, new, secret, outside=bool(agreed))
    for made in files:
        say(f"added to [files]: {made}")
    if parts:
        _seal_part(context, token.profile, parts, yes=options.yes)
        judged = adding.find_added(context, new.id)
    for words in requests_if_approved(context, judged).notes:
        warn(words)
    _say_added(judged, said_local=bool(new.expires) and is_local(adding.read_when(new.expires)))
    say_possible(new.id, possible)
    return 0


def _with_mint(given: adding.NewDefinition, text: str) -> adding.NewDefinition:
    from keybound.cli.verbs.tokens.minting import read_mint_option
    from keybound.domain.profile.mint import KIND

    if not given.id.name or given.kind not in ("", KIND):
        fault = f"--mint makes a token of kind {KIND}" if given.id.name else "a minted token needs a name"
        raise BadInputError(fault, hint="keybound add PROFILE/NAME --env VARIABLE --mint FIELDS")
    return given._replace(kind=KIND, mint=read_mint_option(text))


def _is_minted(context: Context, new: adding.NewDefinition) -> bool:
    text = adding.define(context, new).text
    token = Library(context.home, {new.id.profile: text}).load(new.id.profile).profile.tokens.get(new.id.name)
    return token is not None and token.mint is not None


def _check(context: Context, new: adding.NewDefinition) -> None:
    Library(context.home, {new.id.profile: adding.define(context, new).text}).load(new.id.profile)


def _agree(context: Context, new: adding.NewDefinition, agreed: tuple[str, ...], *, yes: bool) -> tuple[str, ...]:
    """What would happen beyond what was agreed to, once it is agreed to as well. Raises RefusedError."""
    harm = [line for line in consequences(context, new.id, adding.define(context, new).text) if line not in agreed]
    confirm_harm(harm, f"Add {new.id} anyway?", yes=yes)
    return tuple(harm)


def _seal_part(context: Context, profile: str, parts: tuple[str, ...], *, yes: bool) -> None:
    words = " and ".join("[env]" if part == "env" else "[roles.grants]" for part in parts)
    if not yes and not has_terminal():
        warn(f"{words} of {profile} not approved yet: keybound approve {profile}")
        return
    confirm(f"Also approve {words} of {profile}?", yes=yes)
    adding.seal_part(context, profile)


def _say_added(judged: Judged, *, said_local: bool) -> None:
    token = judged.token
    say(f"{judged.verdict.state.glyph} {judged.id} is stored and {judged.verdict.state.word}")
    if token and token.expires:
        say(f"  expires {moment_words(token.expires)}{' (local time)' if said_local else ''}")
    for name, words in request_rows(judged):
        say(f"  {name:<8}  {words}")
    for binding in token.bindings if token else ():
        say(f"  bound to {binding.key.text} {rules_words(binding.rules)} (reaction: {binding.outside.word})")
    for finding in judged.verdict.findings:
        warn(finding.message)
