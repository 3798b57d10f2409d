"""add: define a token, store its secret, bind it."""

from keybound.cli.console.arguments import add_yes, parser
from keybound.cli.console.io import confirm, confirm_harm, ensure_store, has_terminal, own_context, read_secret
from keybound.cli.console.output import say, warn
from keybound.custody.context.context import Context
from keybound.custody.evaluation.evaluate import Judged
from keybound.custody.profiles.choose_profile import token_named
from keybound.custody.profiles.library import Library
from keybound.custody.tokens import add as adding
from keybound.custody.tokens.consequences import consequences
from keybound.domain.profile.definition import unbuilt
from keybound.domain.values.moments import is_local, moment_words
from keybound.domain.verdict.wording import rules_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser


def add_parser() -> "ArgumentParser":
    """What ``add`` takes."""
    parse = parser(
        "add",
        "keybound add staging/github --env GITHUB_TOKEN --ttl 30d",
        "keybound add staging/npm --env NPM_TOKEN --bind 'file:~/.npmrc#registry url_host=npm.example.com'",
        "pass show github | keybound add github --env GITHUB_TOKEN",
        more="The secret comes from a hidden prompt, or from standard input; never from an argument.",
        secret=True,
    )
    parse.add_argument("token", metavar="PROFILE/NAME", help="The new token; NAME alone adds it to the profile in use.")
    parse.add_argument(
        "--env", action="append", default=[], metavar="VAR", help="Export it as this variable (repeatable)."
    )
    parse.add_argument("--kind", default="", metavar="KIND", help="What it is: github, npm … (default: opaque).")
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
    add_yes(parse, "Do not ask for confirmation; also approve the profile's [env] and [roles.grants].")
    return parse


def add(argv: list[str]) -> int:
    """Store a token; the secret comes from a hidden prompt or standard input."""
    options = add_parser().parse_args(argv)
    context = own_context()
    token = token_named(context, options.token)
    new = adding.NewDefinition(
        token, tuple(options.env), options.kind, tuple(options.scope), options.ttl, options.expires, tuple(options.bind)
    )
    defined = adding.define(context, new)  # a bad definition is said before anything is asked
    Library(context.home, {token.profile: defined.text}).load(token.profile)
    ensure_store(context)
    parts = adding.unsealed_part(context, token.profile)
    harm = consequences(context, token, defined.text)
    confirm_harm(harm, f"Add {token} anyway?", yes=options.yes)
    judged = adding.add(context, new, read_secret(f"Secret for {token}"), outside=bool(harm))
    for made in defined.made:
        say(f"added to [files]: {made}")
    if parts:
        _seal_part(context, token.profile, parts, yes=options.yes)
        judged = adding.find_added(context, token)
    _say_added(judged, said_local=bool(new.expires) and is_local(adding.read_when(new.expires)))
    return 0


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
    for binding in token.bindings if token else ():
        say(f"  bound to {binding.key.text} {rules_words(binding.rules)} (reaction: {binding.outside.word})")
    for words in [*(one.message for one in judged.verdict.findings), *(unbuilt(token) if token else ())]:
        warn(words)
