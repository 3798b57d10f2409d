"""show: show everything about a token."""

from datetime import datetime

from keybound.cli.console.output import say
from keybound.cli.verbs.tokens.why import one_parser, say_why, tell_one
from keybound.custody.evaluation.describe import bound_rows
from keybound.custody.evaluation.evaluate import Judged
from keybound.domain.profile.definition import Token
from keybound.domain.profile.renewal_words import refresh_words, revoke_words
from keybound.domain.seal.carried import GOOD, carried_reading
from keybound.domain.values.keys import CARRIED, CARRIED_NAMES, Key
from keybound.domain.values.moments import moment_words
from keybound.domain.values.readings import Found
from keybound.domain.verdict.states import WAYS
from keybound.domain.verdict.wording import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser


def show_parser() -> "ArgumentParser":
    """What ``show`` takes."""
    return one_parser("show", "The secret is not shown.")


def show(argv: list[str]) -> int:
    """One token in full."""
    return tell_one(show_parser().parse_args(argv), _show)


def _show(judged: Judged) -> None:
    token = judged.token
    say(f"{judged.verdict.state.glyph} {judged.id}  {judged.verdict.state.word}")
    if token is not None:
        say(f"  variable  {', '.join(token.env)}")
        say(f"  kind      {token.kind}")
        say(f"  scopes    {', '.join(token.scopes) or 'none declared'}")
        say(f"  release   {_ways(token)}")
        say(f"  refresh   {refresh_words(token)}")
        say(f"  revoke    {revoke_words(token)}")
    for bound in bound_rows(judged):
        mark = {True: "inside", False: "OUTSIDE", None: "unreadable"}[bound.inside]
        say(f"  bound     {bound.key}  {bound.rule}  now {bound.now.text}  {mark} (reaction: {bound.outside})")
    if told := _carried(judged):
        say(f"  carries   {told}")
    say_why(judged)


def _carried(judged: Judged) -> str:
    """What the token says of itself, or its provider of it; "" where nothing is known."""
    envelope, token = judged.held.envelope, judged.token
    if envelope is None or token is None:
        return ""
    read = {name: carried_reading(Key(f"{CARRIED}.{name}", CARRIED, name), token, envelope) for name in CARRIED_NAMES}
    known = [f"{name} {shown(f'{CARRIED}.{name}', one).text}" for name, one in read.items() if isinstance(one, Found)]
    heard = str(envelope.carried.get("at", "")) if not envelope.carried.get("stale") else ""
    by = f"heard {moment_words(datetime.fromisoformat(heard))}" if heard else "not verified"
    verified = envelope.carried.get("signature") == GOOD
    return "; ".join([*known, "its signature is good" if verified else by]) if known else ""


def _ways(token: Token) -> str:
    """By which ways, and to which programs, it leaves."""
    if token.callers:
        return f"exec, to {', '.join(token.callers)} only"
    return "any way" if token.release == WAYS else f"{', '.join(sorted(token.release))} only"
