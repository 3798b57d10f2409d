"""add, bind, unbind, refresh, expire, remove."""

from keybound.cli.io import confirm, ensure_store, has_terminal, keeper, parser, read_secret
from keybound.cli.lines import say, warn
from keybound.custody import add as adding
from keybound.custody import upkeep
from keybound.custody.evaluate import Judged, find
from keybound.custody.expire import expire as expire_token
from keybound.custody.keeper import Keeper
from keybound.domain.names import parse_token_id
from keybound.domain.wording import rules_words


def add(argv: list[str]) -> int:
    """Store a token; the secret comes from a hidden prompt or standard input."""
    parse = parser("add", "Store a token. The secret comes from a hidden prompt, or from standard input.")
    parse.add_argument("token", metavar="PROFILE/NAME")
    parse.add_argument("--env", action="append", default=[], metavar="VAR", help="the variable it is exported as")
    parse.add_argument("--kind", default="")
    parse.add_argument("--scope", action="append", default=[], metavar="S")
    span = parse.add_mutually_exclusive_group()
    span.add_argument("--ttl", default="", metavar="30d")
    span.add_argument("--expires", default="", metavar="WHEN")
    parse.add_argument("--bind", action="append", default=[], metavar="'KEY RULE=VALUE'")
    parse.add_argument("--yes", action="store_true", help="approve the profile's unsealed part too")
    options = parse.parse_args(argv)
    token = parse_token_id(options.token)
    new = adding.NewDefinition(
        token, tuple(options.env), options.kind, tuple(options.scope), options.ttl, options.expires, tuple(options.bind)
    )
    keep = keeper()
    adding.define(keep, new)  # a bad definition is said before anything is asked
    ensure_store(keep)
    parts = adding.unsealed_part(keep, token.profile)
    judged = adding.add(keep, new, read_secret(f"Secret for {token}"))
    if parts:
        _seal_part(keep, token.profile, parts, yes=options.yes)
        judged = adding.find_added(keep, token)
    _say_added(judged)
    return 0


def _seal_part(keep: Keeper, profile: str, parts: tuple[str, ...], *, yes: bool) -> None:
    words = " and ".join("its [env]" if part == "env" else "its [roles.grants]" for part in parts)
    if not yes and not has_terminal():
        warn(f"{profile}: {words} stays unapproved: keybound approve {profile}")
        return
    confirm(f"Approve {profile}'s own part too ({words})?", yes=yes)
    adding.seal_part(keep, profile)


def _say_added(judged: Judged) -> None:
    token = judged.token
    say(f"{judged.verdict.state.glyph} {judged.id} is stored and {judged.verdict.state.word}")
    for binding in token.bindings if token else ():
        say(f"  bound to {binding.key.text} {rules_words(binding.rules)}, outside: {binding.outside.word}")
    for finding in judged.verdict.findings:
        warn(finding.message)


def bind(argv: list[str]) -> int:
    """Bind a token to a key."""
    parse = parser("bind", "Bind a token to a key, or replace the boundary it has there.")
    parse.add_argument("token", metavar="PROFILE/NAME")
    parse.add_argument("key")
    parse.add_argument("rules", nargs="+", metavar="RULE=VALUE")
    options = parse.parse_args(argv)
    warnings = upkeep.bind(keeper(), parse_token_id(options.token), " ".join([options.key, *options.rules]))
    say(f"{options.token} is bound to {options.key}")
    for line in warnings:
        warn(line)
    return 0


def unbind(argv: list[str]) -> int:
    """Take a binding away."""
    parse = parser("unbind", "Take a binding away.")
    parse.add_argument("token", metavar="PROFILE/NAME")
    parse.add_argument("key")
    options = parse.parse_args(argv)
    upkeep.unbind(keeper(), parse_token_id(options.token), options.key)
    say(f"{options.token} is no longer bound to {options.key}")
    return 0


def refresh(argv: list[str]) -> int:
    """Replace the secret."""
    parse = parser("refresh", "Replace a token's secret: by its command, else from a hidden prompt or standard input.")
    parse.add_argument("token", metavar="PROFILE/NAME")
    parse.add_argument("--by-hand", action="store_true", help="ask for the secret although there is a command")
    options = parse.parse_args(argv)
    token = parse_token_id(options.token)
    keep = keeper()
    judged = find(keep, token)
    if judged.token is not None and judged.token.refresh is not None and not options.by_hand:
        from keybound.custody.refreshing import refresh_by_command

        say(refresh_by_command(keep, token))
        return 0
    upkeep.refresh(keep, token, read_secret(f"New secret for {token}"))
    say(f"{token} has a new secret")
    return 0


def expire(argv: list[str]) -> int:
    """Expire now."""
    token, yes = _one(argv, "expire", "Expire a token now: it is withheld until approved or refreshed.")
    confirm(f"Expire {token}? Every shell that holds it drops it.", yes=yes)
    expire_token(keeper(), parse_token_id(token))
    say(f"{token} is expired")
    return 0


def remove(argv: list[str]) -> int:
    """Delete the secret and the definition."""
    token, yes = _one(argv, "remove", "Delete a token: its secret, then its definition.")
    confirm(f"Remove {token} and its secret for good?", yes=yes)
    say(upkeep.remove(keeper(), parse_token_id(token)))
    return 0


def _one(argv: list[str], verb: str, words: str) -> tuple[str, bool]:
    parse = parser(verb, words)
    parse.add_argument("token", metavar="PROFILE/NAME")
    parse.add_argument("--yes", action="store_true", help="do not ask")
    options = parse.parse_args(argv)
    return str(parse_token_id(options.token)), options.yes
