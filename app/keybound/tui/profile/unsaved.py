"""Unsaved text, kept for another start: at every rest while it is typed, and at once where the program must end."""

from contextlib import suppress

from textual.widget import Widget

from keybound.domain.errors import KeyboundError
from keybound.tui.app_protocol import host


class Unsaved:
    """``kept``: the profile and the text that lie in the state dir now, None where nothing does."""

    def __init__(self, pane: Widget) -> None:
        self._pane = pane
        self.kept: tuple[str, str] | None = None
        self._refused = False

    async def keep(self, profile: str, typed: str | None, base: str | None) -> None:
        """Keep the text; ``typed`` None: it is saved or taken back, and what was kept goes."""
        wanted = None if typed is None else (profile, typed)
        if wanted == self.kept:
            return
        service, service_worker = host(self._pane).service, host(self._pane).service_worker
        try:
            if typed is not None:
                await service_worker.run(service.keep_draft, profile, typed, base)
            elif self.kept is not None:
                await service_worker.run(service.drop_draft, self.kept[0])
            self.kept = wanted
        except KeyboundError as fault:  # at every rest while typing: said once
            if not self._refused:
                host(self._pane).say(f"cannot keep unsaved text for the next start: {fault}", severity="warning")
            self._refused = True

    def keep_now(self, profile: str, typed: str | None, base: str | None) -> None:
        """Keep it on this thread: nothing else will run any more."""
        if typed is not None:
            with suppress(KeyboundError):
                host(self._pane).service.keep_draft(profile, typed, base)

    def forget_now(self) -> None:
        """It was given up on purpose."""
        if self.kept is not None:
            host(self._pane).service.drop_draft(self.kept[0])
            self.kept = None
