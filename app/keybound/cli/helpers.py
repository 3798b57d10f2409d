"""git-credential, docker-credential and aws-credential: the same release in the forms that these tools ask in."""

import os

from keybound.cli.io import keeper, parser, read_input
from keybound.cli.leaving import say_withheld
from keybound.cli.lines import put_bytes
from keybound.custody.asker import asking_process, who
from keybound.custody.release import Asked, Released, release
from keybound.domain import credential_forms as forms
from keybound.domain.due import expiry_time
from keybound.domain.errors import BadInput, NotFound
from keybound.domain.names import TokenId, parse_token_id
from keybound.domain.secret import Secret
from keybound.domain.states import Way


def git_credential(argv: list[str]) -> int:
    """Answer ``git credential``: only ``get``, only for the declared hosts, only over TLS."""
    parse = parser("git-credential", "A credential helper for git: answers only for the hosts that are named here.")
    parse.add_argument("token", metavar="PROFILE/NAME")
    parse.add_argument(
        "--host", action="append", required=True, metavar="HOST", help="as git says it, with a port if any"
    )
    parse.add_argument("--username", default="x-access-token")
    parse.add_argument("operation", help="get; git wants every other one passed over in silence")
    options = parse.parse_args(argv)
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


def docker_credential(argv: list[str]) -> int:
    """Answer ``docker-credential-…``: only ``get``, only for the declared hosts."""
    parse = parser(
        "docker-credential", "A credential helper for Docker: answers only for the hosts that are named here."
    )
    parse.add_argument("token", metavar="PROFILE/NAME")
    parse.add_argument("--host", action="append", required=True, metavar="HOST")
    parse.add_argument("--username", default="token")
    parse.add_argument("operation", choices=["get", "store", "erase", "list"])
    options = parse.parse_args(argv)
    if options.operation == "list":
        _put(forms.docker_list(options.host, options.username))
        return 0
    address = read_input()
    if options.operation != "get":  # Docker shows what stands on standard output
        _put(f"docker login and logout do not change it; this does: keybound refresh {options.token}\n".encode())
        return 1
    if forms.docker_host(address) not in {host.lower() for host in options.host}:
        _put(b"credentials not found in native keychain\n")  # Docker knows these words
        return 1
    secret, status = _one(options.token, "docker-credential")
    if secret is not None:
        _put(forms.docker_answer(address, options.username, secret))
    return status


def aws_credential(argv: list[str]) -> int:
    """Answer as a ``credential_process`` of the AWS tools."""
    parse = parser("aws-credential", "A credential_process for AWS: three tokens of one profile.")
    parse.add_argument("profile")
    for name, needed in (("key", True), ("secret", True), ("session", False)):
        parse.add_argument(f"--{name}", required=needed, metavar="TOKEN", help=f"the token that holds the {name}")
    options = parse.parse_args(argv)
    names = [name for name in (options.key, options.secret, options.session) if name]
    released = _released(options.profile, frozenset(names), "aws-credential")
    if status := say_withheld(released):
        return status
    found = {id_.partition("/")[2]: secret for id_, secret in released.variables.values()}
    if lost := [name for name in names if name not in found]:
        raise NotFound(f"{options.profile} has no token {', '.join(lost)}")
    session = found[options.session] if options.session else None
    _put(forms.aws_answer(found[options.key], found[options.secret], session, _expires(released, names)))
    return 0


def _one(text: str, helper: str) -> tuple[Secret | None, int]:
    token: TokenId = parse_token_id(text)
    released = _released(token.profile, frozenset([token.name]), helper)
    status = say_withheld(released)
    secrets = [secret for id_, secret in released.variables.values() if id_ == str(token)]
    if not secrets and not status:
        raise NotFound(f"there is no token {token}")
    return (secrets[0] if secrets else None), status


def _released(profile: str, only: frozenset[str], helper: str) -> Released:
    by = {**who(helper), "helper": helper}
    by["program"] = _program(asking_process()) or helper
    return release(keeper(), profile, Asked(Way.EXEC, by, only)).tokens_alone()


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
        raise BadInput("there is nothing to answer")
    put_bytes(data)
