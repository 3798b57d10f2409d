"""What the application may ask of the custody."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from keybound.custody.view_models.adding import NewToken, Recognised, Suggestion
from keybound.custody.view_models.first_run import FirstRunService
from keybound.custody.view_models.health import Examination
from keybound.custody.view_models.outcomes import Done, Outcome
from keybound.custody.view_models.overview import AlertView, EventView, Overview
from keybound.custody.view_models.plain import Imported, PlainFound, Searched
from keybound.custody.view_models.plans import (
    Adoption,
    ApprovalView,
    PlanView,
    ProfileChange,
    PutBack,
    SavedDraft,
    SwitchView,
)
from keybound.custody.view_models.profiles import ProfilesService
from keybound.custody.view_models.rotation import RotationService
from keybound.custody.view_models.settings import Setting
from keybound.custody.view_models.status import Status
from keybound.custody.view_models.tokens import UsageView
from keybound.domain.profile.config import Config
from keybound.domain.text.secret import Secret


class AppService(Protocol):
    """What the application may ask of the custody. Every call blocks (run it in a worker) and is bounded in time.

    A refusal or fault raises :class:`keybound.domain.errors.KeyboundError` with a line for the user.
    """

    @property
    def rotation(self) -> RotationService:
        """New secrets, and the end of old ones."""

    @property
    def first_run(self) -> FirstRunService:
        """A store, and a profile to add tokens to."""

    @property
    def profiles(self) -> ProfilesService:
        """Profiles made, copied, renamed and removed."""

    def overview(self) -> Overview:
        """Evaluate everything on live readings, record expiries, and return it."""

    def plan_text(self, profile: str, text: str) -> PlanView:
        """Say what saving ``text`` as the profile's file would do; write nothing."""

    def toggled(self, profile: str, text: str, keypath: tuple[str, ...], value: object) -> str:
        """Return ``text`` with one value set, comments and order kept."""

    def profile_text(self, profile: str) -> str:
        """The profile's own file."""

    def save_text(self, profile: str, text: str, expected: str | None) -> Outcome:
        """Save after its plan was shown, seal what matched its seal before; refuse if the file is no longer ``expected``
        (None: there is none)."""

    def last_change(self) -> tuple[ProfileChange, str] | None:
        """The last change of a profile made in the application, and the text without it; None where there is none."""

    def take_back(self, change: ProfileChange, text: str) -> Outcome:
        """Save the text without the change, after its plan was shown; refuse if the file is no longer ``change.after``."""

    def plan_switch(self, target: str) -> SwitchView:
        """Say what a switch of profile would do to a shell that follows."""

    def switch(self, target: str, everywhere: bool) -> Outcome:
        """Pin the shell the application was started from, or make the profile the active one for every following shell."""

    def pins_a_shell(self) -> bool:
        """Whether the application was started from a hooked shell that it can pin."""

    def suggest(self, profile: str) -> Sequence[Suggestion]:
        """Every key with a value that a token of the profile could be bound to, likely ones first."""

    def recognise(self, profile: str, secret: Secret, near: str) -> Recognised:
        """What the catalogue says of a secret; ``near``: the name and the variables that were typed beside it."""

    def search_plain(self, goes_on: Callable[[Searched], bool]) -> None:
        """Look for plain tokens in the usual places. It needs no store: run it beside other calls.

        ``goes_on`` hears of each file; once it says no, the search ends.
        """

    def plain_found(self, profile: str) -> PlainFound:
        """What was found, as an import into the profile would take it; stores nothing."""

    def import_plain(self, numbers: Sequence[int], replace: bool, far: Callable[[int], object]) -> Imported:
        """Store those that were chosen. ``replace``: then replace their plain copies. ``far`` hears how many are stored."""

    def forget_plain(self) -> None:
        """Keep nothing of what was found."""

    def add(self, new: NewToken, secret: Secret) -> Outcome:
        """Define, store and seal a token."""

    def bind(self, token: str, *binds: str) -> Outcome:
        """Bind a token to keys, all or none, and seal."""

    def add_harm(self, new: NewToken) -> Sequence[str]:
        """What adding would do to tokens now, where a reading is not inside its boundary; writes nothing."""

    def bind_harm(self, token: str, *binds: str) -> Sequence[str]:
        """What binding would do to tokens now, where the reading is not inside; writes nothing."""

    def unbind(self, token: str, key: str) -> Outcome:
        """Take a binding away and seal."""

    def approvals(self, ids: Sequence[str]) -> Sequence[ApprovalView]:
        """What approving would accept: of a token, or of a profile its own part and each token that needs it."""

    def approve(self, chosen: Sequence[tuple[str, str]]) -> Sequence[Done]:
        """Approve the snapshots that the digests name, of tokens and of profiles' own parts; each is decided alone."""

    def refresh(self, token: str, secret: Secret) -> Outcome:
        """Replace the secret."""

    def expire(self, tokens: Sequence[str]) -> Sequence[Done]:
        """Expire now."""

    def remove(self, tokens: Sequence[str]) -> Sequence[Done]:
        """Delete the secret, then the definition."""

    def adoption(self, token: str) -> Adoption:
        """The definition that was approved last of a token that has a secret but no definition; writes nothing."""

    def adopt(self, token: str, seen: Adoption) -> Outcome:
        """Define it again as it was shown."""

    def reveal(self, token: str) -> Secret:
        """Release to the screen."""

    def copy(self, token: str, form: str, terminal: Callable[[Secret], None]) -> Outcome:
        """Release to the clipboard in a form of ``copy --as``; the outcome says by which tool, or that by ``terminal``."""

    def put_back(self, tokens: Sequence[str], key: str) -> PutBack:
        """A profile's text with the key set back to its approved value, where that is known; writes nothing."""

    def keep_draft(self, profile: str, text: str, base: str | None) -> None:
        """Keep unsaved text where only its owner can read it. Never waits for the store."""

    def drop_draft(self, profile: str) -> None:
        """Forget the unsaved text of a profile."""

    def drafts(self) -> Sequence[SavedDraft]:
        """Unsaved texts that were kept."""

    def recalled(self) -> Mapping[str, object]:
        """How the application was left, as :meth:`remember` was given it. Never waits for the store."""

    def remember(self, view: Mapping[str, object]) -> None:
        """Keep how it is left, for the next start."""

    def status(self) -> Status:
        """How things stand: the store, the profile and why, the shell it was started from, what asks for its owner."""

    def examine(self) -> Examination:
        """What the doctor finds; writes nothing. Takes some seconds where something hangs."""

    def mend(self) -> Examination:
        """Mend what is safe, and look again."""

    def settings(self) -> Sequence[Setting]:
        """What can be set in the application."""

    def change_setting(self, name: str, value: str) -> Config:
        """Write it to config.toml, and return what that says then."""

    def journal(self, limit: int, token: str = "") -> Sequence[EventView]:
        """The newest events, newest first."""

    def usage(self, token: str, days: int) -> UsageView:
        """How a token was used; ``days``: of how many last days."""

    def alerts(self, limit: int) -> Sequence[AlertView]:
        """The newest alerts, newest first."""

    def see_alerts(self, numbers: Sequence[int]) -> None:
        """Their owner has seen these."""

    def unlock(self, ask: Callable[[str], Secret] | None) -> Outcome:
        """Unlock the store."""

    def lock(self) -> Outcome:
        """Lock the store."""
