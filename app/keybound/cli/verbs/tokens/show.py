"""show: show everything about a token."""

from keybound.cli.console.output import say
from keybound.cli.verbs.tokens.why import one_parser, say_why, tell_one
from keybound.custody.evaluation.describe import bound_rows, carried_rows, request_rows
from keybound.custody.evaluation.evaluate import Judged
from keybound.domain.guard.expiry_times import expiry_time
from keybound.domain.profile.definition import Token
from keybound.domain.profile.renewal_words import probe_words, refresh_words, revoke_words
from keybound.domain.text.counts import plural
from keybound.domain.values.durations import words
from keybound.domain.values.moments import moment_words
from keybound.domain.verdict.states import WAYS

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
        say(f"  kind      {token.kind}{_minted(token)}")
        say(f"  scopes    {', '.join(token.scopes) or 'none declared'}")
        if ends := _ends(judged):
            say(f"  expires   {ends}")
        say(f"  release   {_ways(token)}")
        say(f"  refresh   {refresh_words(token)}")
        say(f"  revoke    {revoke_words(token)}{_left(judged)}")
        if asked := _asked(judged, token):
            say(f"  probe     {asked}")
    for bound in bound_rows(judged):
        mark = {True: "inside", False: "OUTSIDE", None: "unreadable"}[bound.inside]
        say(f"  bound     {bound.key}  {bound.rule}  now {bound.now.text}  {mark} (reaction: {bound.outside})")
    if told := carried_rows(judged):
        say(f"  carries   {'; '.join(text if name == 'word' else f'{name} {text}' for name, text in told)}")
    say_why(judged)


def _ends(judged: Judged) -> str:
    """When its present secret ends; "" where that is not known, or never."""
    token, envelope = judged.token, judged.held.envelope
    ends = expiry_time(token, envelope) if token and envelope else None
    return moment_words(ends) if ends else ""


def _asked(judged: Judged, token: Token) -> str:
    """How its provider is asked about it, and by which request; "" where nobody is."""
    request = dict(request_rows(judged)).get("probe", "")
    return "; ".join(filter(None, [probe_words(token), request]))


def _minted(token: Token) -> str:
    """What is signed at each release."""
    if token.mint is None:
        return ""
    return f" ({token.mint.alg}, good for {words(token.mint.ttl)}, for {', '.join(token.mint.audience)})"


def _left(judged: Judged) -> str:
    """How many of its former secrets are still to be revoked."""
    count = len(judged.held.envelope.retired) if judged.held.envelope else 0
    return f"; {plural(count, 'secret')} still to be revoked (keybound revoke --list)" if count else ""


def _ways(token: Token) -> str:
    """By which ways, and to which programs, it leaves."""
    if token.callers:
        return f"exec, to {', '.join(token.callers)} only"
    return "any way" if token.release == WAYS else f"{', '.join(sorted(token.release))} only"
