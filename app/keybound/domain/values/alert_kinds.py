"""What Keybound alerts its owner to."""

from enum import StrEnum


class AlertKind(StrEnum):
    """The kind of an alert, as ``when`` of an ``[[alert]]`` names it."""

    EXPIRED = "expired"
    SUSPENDED = "suspended"
    UNAPPROVED = "unapproved"
    GAINED = "gained"
    LOST = "lost"
    DUE = "due"
    REFUSED = "refused"
    REFRESH_FAILED = "refresh-failed"
    FOUND_PLAIN = "found-plain"
    UNUSUAL = "unusual"

    @property
    def lasts(self) -> bool:
        """Whether it stands until it is over, and is not raised again while it does; the others are moments."""
        return self not in (AlertKind.GAINED, AlertKind.LOST)


STATE_ALERTS = {kind.value: kind for kind in (AlertKind.EXPIRED, AlertKind.SUSPENDED, AlertKind.UNAPPROVED)}
