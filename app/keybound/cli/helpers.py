"""git-credential, docker-credential and aws-credential: the same release in the forms that these tools ask in."""

import os

from keybound.cli.arguments import add_token, parser
from keybound.cli.io import keeper, read_input
from keybound.cli.leaving import say_withheld
from keybound.cli.lines import put_bytes
from keybound.custody.context.asker import asking_process, who
from keybound.custody.context.keeper import Keeper
from keybound.custody.profiles.choose_profile import token_named
from keybound.custody.release.release import Asked, Released, release
from keybound.domain.errors import BadInput, NotFound
from keybound.domain.guard.expiry_times import expiry_time
from keybound.domain.text import credential_forms as forms
from keybound.domain.text.secret import Secret
from keybound.domain.verdict.states import Way

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
    _add_host(parse)
    _add_username(parse, "x-access-token")
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
    secret, status = _one(options.token, "git-credential")
    if secret is not None:
        _put(forms.git_answer(options.username, secret))
    return status


def docker_credential_parser() -> "ArgumentParser":
    """What ``docker-credential`` takes."""
    parse = parser(
        "docker-credential",
        "keybound docker-credential staging/registry --host ghcr.io get",
        "keybound docker-credential registry --host ghcr.io --username me list",
        more="Answers only for the hosts given.",
    )
    add_token(parse)
    _add_host(parse)
    _add_username(parse, "token")
    parse.add_argument("operation", choices=["get", "store", "erase", "list"], help="What Docker asks for.")
    return parse


def _add_host(parse: "ArgumentParser") -> None:
    words = "Answer for this host, with its port if any (repeatable)."
    parse.add_argument("--host", action="append", required=True, metavar="HOST", help=words)


def _add_username(parse: "ArgumentParser", default: str) -> None:
    parse.add_argument(
        "--username", default=default, metavar="USER", help=f"The user name to answer with (default: {default})."
    )


def docker_credential(argv: list[str]) -> int:
    """Answer ``docker-credential-…``: only ``get``, only for the declared hosts."""
    options = docker_credential_parser().parse_args(argv)
    if options.operation == "list":
        _put(forms.docker_list(options.host, options.username))
        return 0
    address = read_input()
    if options.operation != "get":  # Docker shows what stands on standard output
        _put(f"docker login and logout do not change this credential. Run: keybound refresh {options.token}\n".encode())
        return 1
    if forms.docker_host(address) not in {host.lower() for host in options.host}:
        _put(b"credentials not found in native keychain\n")  # Docker knows these words
        return 1
    secret, status = _one(options.token, "docker-credential")
    if secret is not None:
        _put(forms.docker_answer(address, options.username, secret))
    return status


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
    released = _released(keeper(), options.profile, frozenset(names), "aws-credential")
    if status := say_withheld(released):
        return status
    found = {id_.partition("/")[2]: secret for id_, secret in released.variables.values()}
    if lost := [name for name in names if name not in found]:
        raise NotFound(f"{options.profile} has no token {', '.join(lost)}")
    session = found[options.session] if options.session else None
    _put(forms.aws_answer(found[options.key], found[options.secret], session, _expires(released, names)))
    return 0


def _one(text: str, helper: str) -> tuple[Secret | None, int]:
    keep = keeper()
    token = token_named(keep, text)
    released = _released(keep, token.profile, frozenset([token.name]), helper)
    status = say_withheld(released)
    secrets = [secret for id_, secret in released.variables.values() if id_ == str(token)]
    if not secrets and not status:
        raise NotFound(f"no such token: {token}")
    return (secrets[0] if secrets else None), status


def _released(keep: Keeper, profile: str, only: frozenset[str], helper: str) -> Released:
    by = {**who(helper), "helper": helper}
    by["program"] = _program(asking_process()) or helper
    return release(keep, profile, Asked(Way.EXEC, by, only)).tokens_alone()


def _program(pid: int) -> str:
    """A process's program, as the system knows it; "" where it does not tell."""
    try:
        return os.readlink(f"/proc/{pid}/exe")
    except OSError:
        return ""


def _expires(released: Released, names: list[str]) -> str:
    ends = [
        expiry_time(one.token, one.held.envelope)
        for one in released.evaluation.judged
        if one.id.name in names and one.token and one.held.envelope
    ]
    known = [end for end in ends if end is not None]
    return forms.aws_time(min(known)) if known else ""


def _put(data: bytes) -> None:
    if not data:
        raise BadInput("there is no credential to return")
    put_bytes(data)
