"""Whether a backup holds every token that is here."""

from keybound.custody.backup.last_backup import last_backup
from keybound.custody.context.context import Context
from keybound.custody.health.finding import Finding, ok, warn
from keybound.custody.health.state import is_usable

_STEP = "keybound backup FILE"


def backup(context: Context) -> list[Finding]:
    """By what the state remembers of the last one; the file itself may be anywhere."""
    found = last_backup(context) if is_usable(context) else None
    if found is None:
        return [ok("there is no token to lose")]
    words = found.words(context.clock()).removesuffix(f": {_STEP}")
    return [warn(words, f"Run: {_STEP}")] if found.is_wanting else [ok(words)]
