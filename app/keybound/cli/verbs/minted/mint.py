"""mint: print a fresh token."""

from keybound.cli.console.arguments import add_json, add_token, parser
from keybound.cli.console.io import own_context, put_json
from keybound.cli.console.output import put_bytes
from keybound.cli.verbs.use.env import say_withheld
from keybound.custody.context.caller import who
from keybound.custody.evaluation.evaluate import find
from keybound.custody.profiles.choose_profile import token_named
from keybound.custody.release.release import Asked, release
from keybound.domain.errors import RefusedError
from keybound.domain.text.secret import expose_secret
from keybound.domain.verdict.states import Way

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser


def mint_parser() -> "ArgumentParser":
    """What ``mint`` takes."""
    parse = parser(
        "mint",
        "keybound mint staging/deploy | keybound verify staging/deploy",
        "keybound mint staging/deploy --json",
        more="It is good for the ttl of its definition. Commands get one by `exec`, without a shell seeing it.",
    )
    add_token(parse)
    add_json(parse)
    return parse


def mint(argv: list[str]) -> int:
    """Release a minted token to standard output."""
    options, context = mint_parser().parse_args(argv), own_context()
    token = token_named(context, options.token)
    definition = find(context, token).token
    if definition is None or definition.mint is None:
        raise RefusedError(f"{token} is not minted", hint=f"To use it: keybound exec {token.profile} -- COMMAND")
    released = release(context, token.profile, Asked(Way.REVEAL, who("mint"), frozenset([token.name]))).tokens_alone()
    status = say_withheld(released)
    for one in released.minted:
        text = expose_secret(one.token).decode()
        if options.json:
            put_json(
                {"token": text, "expires": int(one.ends), "renew": int(one.renew_at), "id": one.jti, "key": one.key}
            )
        else:
            put_bytes(f"{text}\n".encode())
    return status
