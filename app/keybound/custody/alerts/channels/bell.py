"""The bell of a terminal: for whoever has one."""

from collections.abc import Callable, Sequence

from keybound.stores.alert_table import Alert


class Bell:
    """Rings once, however many there are."""

    name = "bell"
    grouped = True

    def __init__(self, ring: Callable[[], None]) -> None:
        self._ring = ring

    def send(self, alerts: Sequence[Alert]) -> None:
        """Ring."""
        self._ring()
