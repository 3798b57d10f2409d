"""A new secret, as it was got."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from keybound.domain.text.secret import Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keybound.domain.seal.retired import Grant


class NewSecret(NamedTuple):
    """What was got. ``expires``: when it ends, where that was said; ``grant``: what gets the next one; ``detail``: how, for
    the journal.
    """

    secret: Secret
    detail: Mapping[str, object]
    expires: datetime | None = None
    grant: "Grant | None" = None
