"""What a home needs before anything else: a store, a profile; then the way on to a first token."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from keybound.stores.choice import store_kind
from keybound.tui.group_actions import GroupActions

if TYPE_CHECKING:
    from keybound.tui.dialogs.start.first_run import Ready


class FirstSteps(GroupActions):
    """The main screen's part of it."""

    _welcomed = False

    def welcome(self) -> None:
        """Where there is nothing yet, ask for what is missing and say what to do next; once."""
        overview = self.host.overview
        empty = not (overview.tokens or overview.orphans) and overview.store_status == "open"
        if not self._welcomed and (empty or overview.store_status == "none") and not self.is_busy():
            self._welcomed = True
            self.run_worker(self._welcome(), group="welcome")

    async def _welcome(self) -> None:
        from keybound.tui.dialogs.start.welcome import Welcome

        ready = await self._be_ready()
        if ready is None:
            return
        chosen = await self.app.push_screen_wait(Welcome(ready))
        if chosen:
            profile = await self.host.ask(self.host.service.first_run.first_profile, ready.profile)
            if profile:
                self.host.look_again()
                (self.add_to if chosen == "add" else self.import_into)(profile)

    async def _be_ready(self) -> "Ready | None":
        """A store and a profile, asked for where they are missing; None: not now."""
        from keybound.tui.dialogs.start.first_run import FirstRun, Ready

        overview = self.host.overview
        if overview.store_status != "none" and overview.profiles:
            there = self._is_there(overview.active)
            name = overview.active if there else overview.profiles[0].name
            return Ready(name, store_kind(overview.store).keeps)
        ready = await self.app.push_screen_wait(FirstRun(overview))
        if ready is not None:
            self.host.look_again()
        return ready

    def with_profile(self, profile: str, go_on: Callable[[str], object]) -> None:
        """Go on with a profile; what has to be there before is asked for first."""
        overview = self.host.overview
        if overview.store_status == "none" or not overview.profiles:
            self.run_worker(self._then(go_on), group="welcome")
        elif self._is_there(profile):
            go_on(profile)
        else:
            self.host.say("no profile is in use: choose one", severity="warning")
            self.action_switch()

    def _is_there(self, profile: str) -> bool:
        """The profile in use may have been removed."""
        return any(each.name == profile for each in self.host.overview.profiles)

    async def _then(self, go_on: Callable[[str], object]) -> None:
        if ready := await self._be_ready():
            go_on(ready.profile)

    def is_busy(self) -> bool:
        """Whether a dialog is open, or text unsaved. Override this."""
        raise NotImplementedError

    def add_to(self, profile: str) -> None:
        """Add a token to the profile. Override this."""
        raise NotImplementedError

    def import_into(self, profile: str) -> None:
        """Look for plain tokens, for the profile. Override this."""
        raise NotImplementedError

    def action_switch(self) -> None:
        """Choose another profile. Override this."""
        raise NotImplementedError
