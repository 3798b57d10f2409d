"""git-credential: serve a token to git, as its credential helper."""

from keybound.cli.console.arguments import add_token, parser
from keybound.cli.console.io import read_input
from keybound.cli.verbs.use.credential import add_host, add_username, one_secret, put_answer
from keybound.domain.text import credential_forms as forms

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser


def git_credential_parser() -> "ArgumentParser":
    """What ``git-credential`` takes."""
    parse = parser(
        "git-credential",
        "keybound git-credential staging/github --host github.com get",
        "git config --global credential.https://github.com.helper '!keybound git-credential github --host github.com'",
        more="Answers only for the hosts given, and only over TLS.",
    )
    add_token(parse)
    add_host(parse)
    add_username(parse, "x-access-token")
    parse.add_argument("operation", metavar="OPERATION", help="What git asks for: get; anything else is ignored.")
    return parse


def git_credential(argv: list[str]) -> int:
    """Answer ``git credential``: only ``get``, only for the declared hosts, only over TLS."""
    options = git_credential_parser().parse_args(argv)
    data = read_input()
    if options.operation != "get":
        return 0
    question = forms.git_question(data)
    if not forms.answers_host(question, options.host):
        return 0
    if question.get("username", options.username) != options.username:
        return 0
    served = one_secret(options.token, "git-credential")
    if served.secret is not None:
        put_answer(forms.git_answer(options.username, served.secret, served.ends))
    return served.status
