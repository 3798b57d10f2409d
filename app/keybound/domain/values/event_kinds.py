"""What the journal records."""

from enum import StrEnum


class EventKind(StrEnum):
    """The kind of an event, as it stands in the journal. A journal may hold kinds of a later version, too."""

    ADDED = "added"
    APPROVED = "approved"
    SEALED = "sealed"  # by its owner's own edit: a recorded expiry stays
    REFRESHED = "refreshed"
    EXPIRED = "expired"
    RETIRED = "retired"  # secrets of a token that is removed, kept until they are revoked
    REVOKED = "revoked"  # an old secret, at its provider
    GRACE = "grace"
    GRACE_OVER = "grace-over"
    RELEASED = "released"
    ASKED = "asked"  # a secret is about to be sent to whoever is asked about it
    PROBED = "probed"
    SCOPES = "scopes"
    MOVED = "moved"
    ADOPTED = "adopted"
    REMOVED = "removed"
    PROFILE = "profile"
    PROFILE_REMOVED = "profile-removed"
    PROFILE_RENAMED = "profile-renamed"
    STORE_MOVED = "store-moved"
    STORE_PASSPHRASE = "store-passphrase"  # noqa: S105  # no passphrase: an event's name
    STORE_REKEYED = "store-rekeyed"
    BACKED_UP = "backed-up"
    RESTORED = "restored"
    JOURNAL_KEPT = "journal-kept"  # a backup's own journal, beside this one
    ACCEPT_CLOCK = "accept-clock"
    INTENT = "intent"
    UNDONE = "undone"
    JOURNAL_CUT = "journal-cut"
    JOURNAL_RESTART = "journal-restart"
