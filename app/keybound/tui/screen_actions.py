"""What can be opened over every screen, and what is asked at the start."""

from typing import TYPE_CHECKING

from keybound.custody.view_models.plans import SavedDraft
from keybound.tui.app_protocol import TALLEST
from keybound.tui.frame.pane import Pane
from keybound.tui.frame.tabs import PROFILE, position
from keybound.tui.token_actions import TokenActions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from keybound.tui.hints import Hint

    class _Base(TokenActions):
        def own_hints(self) -> Sequence[Hint]: ...
        def other_hints(self) -> list[Hint]: ...
        def real(self, hints: Iterable[Hint]) -> list[Hint]: ...
else:
    _Base = TokenActions


class ScreenActions(_Base):
    """Actions of the main screen that are about no token."""

    _offered = False

    def action_due(self) -> None:
        """What time brings within 90 days."""
        from keybound.tui.dialogs.due import DueSoon
        from keybound.tui.due import due_soon

        self.app.push_screen(DueSoon(due_soon(self.host.overview.tokens, self.host.now())))

    def action_lock(self) -> None:
        """Lock the store, or open it where it is locked."""
        if self.host.overview.store_status == "locked":
            self.ask_to_unlock()
        elif self.host.overview.store_status == "none":
            self.with_profile("", lambda _: None)
        else:
            self.run_worker(self.host.act(self.host.service.lock), group="action")

    def ask_to_unlock(self) -> None:
        """Open the store, over whatever is shown."""
        from keybound.tui.dialogs.unlock import Unlock

        self._offered = True
        self.app.push_screen(Unlock(self.host.overview.store))

    def offer_unlock(self) -> None:
        """Ask once each time the store is found locked, where no dialog is open; opened from elsewhere, the question goes."""
        from keybound.tui.dialogs.unlock import Unlock

        if self.host.overview.store_status != "locked":
            self._offered = False
            if isinstance(self.app.screen, Unlock) and self.host.overview.store_status == "open":
                self.app.screen.dismiss(None)
        elif not self._offered and len(self.app.screen_stack) == 1:
            self.ask_to_unlock()

    def action_help(self) -> None:
        """Explain the focused thing."""
        from keybound.tui.dialogs.help import Help

        others = [] if self.pane.takes_text() else self.real(self.other_hints())
        self.app.push_screen(Help(self.pane.explain(), self.real(self.own_hints()), others))

    def action_settings(self) -> None:
        """Change config.toml."""
        self.run_worker(self._settings(), group="action")

    async def _settings(self) -> None:
        from keybound.tui.dialogs.settings import Settings

        found = await self.host.ask(self.host.service.settings)
        if found is not None:
            self.app.push_screen(Settings(found))

    def action_status(self) -> None:
        """How things stand; what is chosen there is done here."""
        self.run_worker(self._status(), group="status", exclusive=True)

    async def _status(self) -> None:
        from keybound.tui.dialogs.status import HowThingsStand

        found = await self.host.ask(self.host.service.status)
        if found is not None and (action := await self.app.push_screen_wait(HowThingsStand(found))):
            await self.run_action(action)

    def action_doctor(self) -> None:
        """What is wrong, and what can be done; what is safe is done here."""
        self.run_worker(self._doctor(), group="doctor", exclusive=True)

    async def _doctor(self) -> None:
        from keybound.tui.dialogs.doctor import AGAIN, MEND, Doctor

        service, worker = self.host.service, self.host.examining
        found = await worker.run(service.examine)
        while (answer := await self.app.push_screen_wait(Doctor(found))) in (AGAIN, MEND):
            found = await worker.run(service.mend if answer == MEND else service.examine)
            if found.done:
                self.host.say("\n".join(found.done[:TALLEST]), lines=found.done)
                self.host.look_again()

    def action_messages(self) -> None:
        """What was said in passing."""
        from keybound.tui.dialogs.messages import Messages

        self.app.push_screen(Messages(self.host.said))

    def action_alerts(self) -> None:
        """What was alerted; shown is seen."""
        self.run_worker(self._show_alerts(), group="alerts", exclusive=True)

    async def _show_alerts(self) -> None:
        from keybound.tui.dialogs.alerts import MOST, Alerts

        found = await self.host.ask(self.host.service.alerts, MOST)
        if found is None:
            return
        self.app.push_screen(Alerts(found))
        if unseen := [each.number for each in found if not each.seen]:
            await self.host.ask(self.host.service.see_alerts, unseen)
            self.host.look_again()

    def is_busy(self) -> bool:
        """Whether a dialog is open, or text unsaved."""
        return len(self.app.screen_stack) > 1 or any(pane.leave_question() for pane in self.query(Pane))

    async def begin(self) -> None:
        """Once, when there is something to show: offer unsaved text, then what else has to be asked."""
        from keybound.tui.dialogs.unsaved import UnsavedText

        for draft in await self.host.ask(self.host.service.drafts) or ():
            answer = await self.app.push_screen_wait(UnsavedText(draft))
            if answer == "drop":
                await self.host.ask(self.host.service.drop_draft, draft.profile)
            elif answer == "open":
                await self._take_up(draft)
                break  # one text is edited at a time; the others are offered again
        self.offer_unlock()
        self.welcome()

    async def _take_up(self, draft: SavedDraft) -> None:
        from keybound.tui.profile.pane import ProfilePane

        pane = await self.jump(position(PROFILE))
        if isinstance(pane, ProfilePane):
            await pane.take_up(draft)
