"""How a token gets a new secret and how an old one is ended, in words."""

from keybound.domain.profile.definition import Command, Token
from keybound.domain.text.counts import plural
from keybound.domain.values.durations import words


def refresh_words(token: Token) -> str:
    """How a new secret is had."""
    if token.oauth is not None:
        return f"by OAuth at {token.oauth.issuer}{_due(token.oauth.before)}"
    return f"{_run(token.refresh)}{_due(token.refresh.before)}" if token.refresh is not None else "by hand"


def revoke_words(token: Token) -> str:
    """How a secret is ended when a new one replaces it, or its owner asks."""
    if token.revoke is None:
        return "by hand"
    how = "by its provider" if token.revoke.command is None else _run(token.revoke.command)
    later = f", {words(token.overlap)} after it was replaced" if token.overlap else ""
    return f"{how}{later}{', and when it expires' if token.revoke.on_expiry else ''}"


def _run(command: Command) -> str:
    return f"by {command.argv[0]} with {plural(len(command.argv) - 1, 'argument')}"


def _due(before: int | None) -> str:
    return f", {words(before)} before its end" if before is not None else ""
