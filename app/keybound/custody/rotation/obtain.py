"""Get a new secret in the way that a definition names: from its command, or from its OAuth server."""

from keybound.custody.context.context import Context
from keybound.custody.evaluation.evaluate import Judged
from keybound.custody.programs.commands import one_secret, run_command
from keybound.custody.rotation.new_secret import NewSecret
from keybound.custody.tokens.new_secret import check_secret
from keybound.domain.errors import RefusedError
from keybound.domain.profile.definition import Command, Token
from keybound.domain.seal.envelope import Envelope


def is_automatic(token: Token | None) -> bool:
    """Whether it gets a new secret without its owner."""
    return token is not None and (token.refresh is not None or token.oauth is not None or token.mint is not None)


def limit_of(token: Token | None) -> float:
    """Seconds that getting a new secret may take; 0 where there is no way."""
    way = (token.refresh or token.oauth) if token else None
    return float(way.timeout) if way else 0.0


def obtain(context: Context, one: Judged) -> NewSecret:
    """A new secret for a token with an approved definition. Raises RefusedError, UnavailableError; nothing is stored."""
    token, envelope = one.token, one.held.envelope
    if token is None or envelope is None or not is_automatic(token) or token.mint is not None:
        raise RefusedError(f"{one.id} has no refresh command", hint=f"Give it a new secret: keybound refresh {one.id}")
    if token.oauth is not None:
        from keybound.custody.rotation.oauth_refresh import refresh_by_oauth

        found = refresh_by_oauth(context, one.id, token.oauth, envelope)
    else:
        found = _by_command(context, token.refresh, envelope)
    check_secret(found.secret, token.env)
    return found


def _by_command(context: Context, command: Command | None, envelope: Envelope) -> NewSecret:
    if command is None:
        raise RefusedError("there is no refresh command")
    output = run_command("refresh", command, envelope.programs, context.environ)
    program = envelope.programs.get("refresh", [""])[0]
    detail = {"by": "command", "program": program, "arguments": len(command.argv) - 1}
    return NewSecret(one_secret("refresh", command, output), detail)
