"""aws-credential: serve tokens to AWS tools, as their credential_process."""

from datetime import UTC, datetime

from keybound.cli.console.arguments import parser
from keybound.cli.console.io import own_context
from keybound.cli.verbs.use.credential import put_answer, released_to
from keybound.cli.verbs.use.env import say_withheld
from keybound.custody.release.release import Released
from keybound.domain.errors import NotFoundError
from keybound.domain.guard.expiry_times import expiry_time
from keybound.domain.text import credential_forms as forms

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser


def aws_credential_parser() -> "ArgumentParser":
    """What ``aws-credential`` takes."""
    parse = parser(
        "aws-credential",
        "keybound aws-credential staging --key aws-id --secret aws-key",
        "keybound aws-credential staging --key aws-id --secret aws-key --session aws-session",
    )
    parse.add_argument("profile", metavar="PROFILE", help="The profile the tokens are in.")
    for name, what in (("key", "access key ID"), ("secret", "secret key"), ("session", "session token")):
        needed = name != "session"
        parse.add_argument(f"--{name}", required=needed, metavar="NAME", help=f"The token that holds the {what}.")
    return parse


def aws_credential(argv: list[str]) -> int:
    """Answer as a ``credential_process`` of the AWS tools."""
    options = aws_credential_parser().parse_args(argv)
    names = [name for name in (options.key, options.secret, options.session) if name]
    released = released_to(own_context(), options.profile, frozenset(names), "aws-credential")
    if status := say_withheld(released):
        return status
    found = {id_.partition("/")[2]: secret for id_, secret in released.variables.values()}
    if lost := [name for name in names if name not in found]:
        raise NotFoundError(f"{options.profile} has no token {', '.join(lost)}")
    session = found[options.session] if options.session else None
    put_answer(forms.aws_answer(found[options.key], found[options.secret], session, _expires(released, names)))
    return 0


def _expires(released: Released, names: list[str]) -> str:
    ends = [
        expiry_time(one.token, one.held.envelope)
        for one in released.evaluation.judged
        if one.id.name in names and one.token and one.held.envelope
    ]
    known = [end for end in ends if end is not None]
    known += [datetime.fromtimestamp(one.ends, UTC) for one in released.minted]
    return forms.aws_time(min(known)) if known else ""
