"""The system's log: a datagram to its socket, as RFC 3164 (The BSD syslog Protocol) describes."""

import os
import socket
import time
from collections.abc import Sequence

from keybound.custody.alerts.channels.base import SECONDS, ChannelError
from keybound.custody.alerts.words import alert_line
from keybound.domain.text.sanitize import shorten
from keybound.stores.alert_table import Alert

SOCKET = "/dev/log"
_USER_WARNING = 1 * 8 + 4  # facility and severity
_LONGEST = 800  # characters: a message may have 1024 bytes
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Syslog:
    """The log of this machine."""

    name = "syslog"
    grouped = False

    def __init__(self, path: str = SOCKET) -> None:
        self._path = path

    def send(self, alerts: Sequence[Alert]) -> None:
        """A message for each. Raises ChannelError."""
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as log:
                log.settimeout(SECONDS)
                log.connect(self._path)
                for one in alerts:
                    log.send(_message(one))
        except OSError as fault:
            raise ChannelError(f"{self._path}: {fault.strerror or 'no answer'}") from None


def _message(alert: Alert) -> bytes:
    now = time.localtime()
    at = f"{_MONTHS[now.tm_mon - 1]} {now.tm_mday:2} {now.tm_hour:02}:{now.tm_min:02}:{now.tm_sec:02}"
    text = f"{alert.kind}: {shorten(alert_line(alert), _LONGEST)}"
    return f"<{_USER_WARNING}>{at} keybound[{os.getpid()}]: {text}".encode()
