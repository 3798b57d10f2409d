"""When a token ends by time, and when time alone next changes what the guard says."""

from datetime import datetime, timedelta

from keybound.domain.profile.definition import Token
from keybound.domain.seal.envelope import Envelope
from keybound.domain.verdict.sticky import GRACE

SOON = timedelta(days=7)


def expiry_time(token: Token, envelope: Envelope) -> datetime | None:
    """When the token ends by time: the earliest of ``expires``, ``ttl`` since the last refresh, and its own claim."""
    ends = [token.expires] if token.expires else []
    if token.ttl is not None and envelope.refreshed_at:
        ends.append(datetime.fromisoformat(envelope.refreshed_at) + timedelta(seconds=token.ttl))
    if envelope.expires_at:
        ends.append(datetime.fromisoformat(envelope.expires_at))
    return min(ends, default=None)


def soon_before(token: Token, envelope: Envelope) -> timedelta:
    """How long before its end a token is due soon: ``refresh.before``, else 7 days or a tenth of its life, the less.

    Its life is its ttl; of an access token that OAuth gave, what its server said.
    """
    way = token.refresh or token.oauth
    if way is not None and way.before is not None:
        return timedelta(seconds=way.before)
    if token.oauth is not None and envelope.expires_at and envelope.refreshed_at:
        life = datetime.fromisoformat(envelope.expires_at) - datetime.fromisoformat(envelope.refreshed_at)
        return min(SOON, max(life / 10, timedelta(0)))
    return min(SOON, timedelta(seconds=token.ttl / 10)) if token.ttl is not None else SOON


def graced_since(envelope: Envelope | None) -> datetime | None:
    """Since when a grace runs, or None."""
    sticky = envelope.sticky if envelope else None
    return datetime.fromisoformat(sticky.at) if sticky and sticky.state == GRACE else None


def next_change(token: Token, envelope: Envelope, now: datetime) -> datetime | None:
    """The next moment after ``now`` at which time alone changes the verdict, or None."""
    end, begun = expiry_time(token, envelope), graced_since(envelope)
    moments = [end, end - soon_before(token, envelope)] if end and end > now else []
    if begun is not None:
        moments += [begun + timedelta(seconds=one.grace) for one in token.bindings if one.grace]
    if envelope.not_before:
        moments.append(datetime.fromisoformat(envelope.not_before))
    return min((moment for moment in moments if moment > now), default=None)
