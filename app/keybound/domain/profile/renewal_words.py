"""How a token gets a new secret and how an old one is ended, in words."""

from keybound.domain.profile.definition import Token
from keybound.domain.values.durations import words


def refresh_way(token: Token) -> str:
    """How a new secret is had."""
    if token.mint is not None:
        return "a fresh one is signed at each release"
    if token.oauth is not None:
        return f"by OAuth at {token.oauth.issuer}"
    return f"by {token.refresh.argv[0]}" if token.refresh is not None else "by hand"


def refresh_words(token: Token) -> str:
    """How a new secret is had, and when."""
    way = token.refresh or token.oauth
    due = f", {words(way.before)} before its end" if way is not None and way.before is not None else ""
    return f"{refresh_way(token)}{due}"


def probe_words(token: Token) -> str:
    """How its provider is asked about it, and whether its signature is verified; "" for neither."""
    told = []
    if token.probe is not None:
        how = f"by {token.probe.command.argv[0]}" if token.probe.command else "by its provider"
        told.append(f"probed {how}{f', every {words(token.probe.every)}' if token.probe.every else ''}")
    if token.jwt is not None:
        told.append("its signature verified")
    return "; ".join(told)


def revoke_way(token: Token) -> str:
    """How a secret is ended."""
    if token.mint is not None:
        return "none is needed: what is signed ends by itself"
    if token.revoke is None:
        return "by hand"
    if token.revoke.command is not None:
        return f"by {token.revoke.command.argv[0]}"
    return "by its OAuth server" if token.oauth else "by its provider"


def revoke_words(token: Token) -> str:
    """How a secret is ended, and when."""
    if token.mint is not None or token.revoke is None:
        return revoke_way(token)
    later = f", {words(token.overlap)} after it was replaced" if token.overlap else ""
    return f"{revoke_way(token)}{later}{', and when it expires' if token.revoke.on_expiry else ''}"
