"""The application's service, loaded by its first call: the first frame is painted before that."""

from collections.abc import Mapping
from threading import Lock
from typing import TYPE_CHECKING, Any

from keybound.custody.application.view_memory import keep_view, read_view
from keybound.custody.context.context import Context

if TYPE_CHECKING:
    from keybound.custody.application.app_service import CustodyAppService


class LateService:
    """Every call but these two is the service's own; several threads may make the first one."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._lock = Lock()
        self._made: CustodyAppService | None = None

    def recalled(self) -> Mapping[str, object]:
        """How the application was left: needed before everything else."""
        return read_view(self._context.home)

    def remember(self, view: Mapping[str, object]) -> None:
        """Keep how it is left."""
        keep_view(self._context.home, view)

    def __getattr__(self, name: str) -> Any:
        with self._lock:
            if self._made is None:
                from keybound.custody.application.app_service import CustodyAppService

                self._made = CustodyAppService(self._context)
        return getattr(self._made, name)
