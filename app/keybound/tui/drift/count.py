"""What is counted beside the name of the Drift screen."""

from keybound.custody.view_models.overview import Overview
from keybound.tui.frame.once import OncePer


@OncePer
def outside_keys(overview: Overview) -> int:
    """How many keys of the profile in use are outside."""
    return len(
        {
            row.key
            for token in overview.tokens
            if token.profile == overview.active
            for row in token.bound
            if row.inside is not True
        }
    )
