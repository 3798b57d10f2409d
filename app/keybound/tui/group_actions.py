"""What is done to several tokens at once: one question that names them all, one answer, one message."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from textual.app import App

from keybound.custody.view_models.outcomes import Done
from keybound.tui.app_protocol import AppProtocol
from keybound.tui.empty import none_yet
from keybound.tui.styled_text import Line
from keybound.tui.words import plural

if TYPE_CHECKING:
    from textual.screen import Screen

    from keybound.tui.frame.pane import Pane

    class _Base(Screen[None]):
        @property
        def pane(self) -> Pane: ...
else:
    _Base = object


REMOVE = "Remove"


class GroupActions(_Base):
    """Actions of the main screen on the marked tokens, else on the one under the cursor."""

    @property
    def host(self) -> AppProtocol:
        """The application."""
        app: App[object] = self.app
        assert isinstance(app, AppProtocol)
        return app

    def action_approve(self) -> None:
        """Show the differences, then approve what was shown."""
        if ids := self._several(self.pane.approvable()):
            self.run_worker(self._approve(ids), group="action")

    async def _approve(self, ids: Sequence[str]) -> None:
        from keybound.tui.dialogs.approve import Approve

        found = await self.host.ask(self.host.service.approvals, ids)
        if found is None:
            return
        if not found:
            self.host.say("everything here is as approved")
        elif await self.app.push_screen_wait(Approve(found, self.host.now())):
            await self._do(
                self.host.service.approve, "approved", [(one.id, one.digest) for one in found if not one.obstacle]
            )

    def action_expire(self) -> None:
        """Expire the tokens that are meant."""
        self._confirmed(
            "Expire",
            "Withheld at once in every shell, until it is approved or refreshed.",
            "expired",
            self.host.service.expire,
            self.pane.targets(),
        )

    def action_remove(self) -> None:
        """Remove the tokens that are meant."""
        self._confirmed(
            REMOVE,
            "Deletes the secret from the store for good, then its definition.",
            "removed",
            self.host.service.remove,
            self.pane.removable(),
        )

    def _confirmed(
        self,
        verb: str,
        consequence: str,
        done: str,
        action: Callable[[Sequence[str]], Sequence[Done]],
        meant: tuple[str, ...],
    ) -> None:
        if ids := self._several(meant):
            self.run_worker(self._ask_then(verb, consequence, done, action, ids), group="action")

    async def _ask_then(
        self,
        verb: str,
        consequence: str,
        done: str,
        action: Callable[[Sequence[str]], Sequence[Done]],
        ids: Sequence[str],
    ) -> None:
        from keybound.tui.dialogs.confirm import Confirm, Warned, token_line

        question = Warned if verb == REMOVE else Confirm  # what cannot be had back
        what = ids[0] if len(ids) == 1 else plural(len(ids), "token")
        lines: list[Line | str] = [consequence, (), *(token_line(self.pane.token(name), name) for name in ids)]
        if await self.app.push_screen_wait(question(f"{verb} {what}?", lines, verb)):
            await self._do(action, done, ids)

    async def _do(self, action: Callable[[Any], Sequence[Done]], done: str, chosen: Sequence[Any]) -> None:
        pane = self.pane
        if await self.host.act_each(action, done, chosen):
            pane.acted()

    def _several(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        if not ids:
            self.host.say(none_yet(self.host) or "select a token first", severity="warning")
        return ids
