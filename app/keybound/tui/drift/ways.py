"""The ways out of a drift, each with its key and its consequence."""

from typing import NamedTuple

from keybound.custody.view_models.overview import ProfileView
from keybound.custody.view_models.tokens import TokenView
from keybound.domain.verdict.states import State
from keybound.tui.drift.gather import Drift, ends, is_own
from keybound.tui.styled_text import Line, fit, line
from keybound.tui.tokens.reasons import only_a_new_secret_helps
from keybound.tui.words import row_place


class Way(NamedTuple):
    """``action``: its name in ``[keys]``, "" for what is done elsewhere; ``more``: a second line of its consequence, or ""."""

    action: str
    verb: str
    says: str
    more: str = ""

    def lines(self, key: str) -> list[Line]:
        """Key, verb, consequence."""
        made = [line((f"  {fit(key, 3)}", "bold accent"), (fit(self.verb, 19) + " ", "bold"), (self.says, "muted"))]
        return [*made, line((" " * 25 + self.more, "state-warning"))] if self.more else made


REFRESH = Way("refresh", "Refresh", "a new secret for the token")


def ways_of_drift(drift: Drift, *, muted: bool) -> list[Way]:
    """What can be done about a key that is outside."""
    before, after = ends(drift)
    names = ", ".join(token.name for token, _ in drift.hits)
    sticky = ", ".join(token.name for token, _ in drift.hits if token.state is State.EXPIRED)
    own = is_own(drift)
    made = []
    if own and drift.row.approved is not None:
        stays = f"{sticky} stays expired until A or r" if sticky else ""
        made.append(Way("put_back", "Put the value back", f"writes {drift.row.label} = {before}, comments kept", stays))
    if drift.row.set_by:
        made.append(
            Way("", f"Set {drift.row.set_by}", "otherwise, in the shell that has it: nothing is lost meanwhile")
        )
    opens = f"opens {row_place(drift.row)}" if own and row_place(drift.row) else "opens the profile at the token"
    hears = Way("mute", "Unmute", "listed with the others again")
    rests = Way("mute", "Mute", "listed last until its value changes")
    return [
        *made,
        Way("widen", "Widen the boundary", f"{names} would also accept {after}; then approve"),
        Way("approve", "Approve", "accepts readings that no boundary forbids"),
        REFRESH,
        Way("edit", "Edit", opens),
        hears if muted else rests,
    ]


def ways_of_token(token: TokenView) -> list[Way]:
    """What can be done for a token that asks for attention otherwise."""
    if token.stale and token.unread:
        return [Way("lock", "Unlock", "opens the store")]
    if token.unread:
        return [Way("edit", "Fix the profile", f"opens {token.profile}.toml")]
    approve = [] if only_a_new_secret_helps(token) else [Way("approve", "Approve", "shows the difference first")]
    return [*approve, REFRESH, Way("edit", "Edit", f"opens {token.defined_at}")]


def ways_of_profile(profile: ProfileView) -> list[Way]:
    """What can be done for a profile whose own part is not approved."""
    return [Way("approve", "Approve", "shows the difference first"), Way("edit", "Edit", f"opens {profile.name}.toml")]
