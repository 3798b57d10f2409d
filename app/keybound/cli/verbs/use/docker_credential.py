"""docker-credential: serve a token to Docker, as its credential helper."""

from keybound.cli.console.arguments import add_token, parser
from keybound.cli.console.io import read_input
from keybound.cli.verbs.use.credential import add_host, add_username, one_secret, put_answer
from keybound.domain.text import credential_forms as forms

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser


def docker_credential_parser() -> "ArgumentParser":
    """What ``docker-credential`` takes."""
    parse = parser(
        "docker-credential",
        "keybound docker-credential staging/registry --host ghcr.io get",
        "keybound docker-credential registry --host ghcr.io --username me list",
        more="Answers only for the hosts given.",
    )
    add_token(parse)
    add_host(parse)
    add_username(parse, "token")
    parse.add_argument("operation", choices=["get", "store", "erase", "list"], help="What Docker asks for.")
    return parse


def docker_credential(argv: list[str]) -> int:
    """Answer ``docker-credential-…``: only ``get``, only for the declared hosts."""
    options = docker_credential_parser().parse_args(argv)
    if options.operation == "list":
        put_answer(forms.docker_list(options.host, options.username))
        return 0
    address = read_input()
    if options.operation != "get":  # Docker shows what stands on standard output
        put_answer(
            f"docker login and logout do not change this credential. Run: keybound refresh {options.token}\n".encode()
        )
        return 1
    known = forms.docker_host(address) in {host.lower() for host in options.host}
    if not known or forms.is_docker_session(address):
        put_answer(b"credentials not found in native keychain\n")  # Docker knows these words
        return 1
    served = one_secret(options.token, "docker-credential")
    if served.secret is not None:
        put_answer(forms.docker_answer(address, options.username, served.secret))
    return served.status
