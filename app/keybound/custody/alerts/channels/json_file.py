"""A file of JSON Lines, one for each alert, for log shippers and scripts."""

import errno
import json
import os
import stat
from collections.abc import Sequence

from keybound.custody.alerts.channels.base import ChannelError
from keybound.custody.alerts.words import alert_fields
from keybound.stores.alert_table import Alert


class JsonFile:
    """The file at ``path``, made where it is not there, for its owner alone."""

    grouped = False

    def __init__(self, path: str) -> None:
        self._path = path
        self.name = f"file:{path}"

    def send(self, alerts: Sequence[Alert]) -> None:
        """Append a line for each with one write. Raises ChannelError, and then nothing of it is kept."""
        lines = "".join(json.dumps(alert_fields(one), ensure_ascii=True) + "\n" for one in alerts)
        try:
            _append(self._path, lines.encode())
        except OSError as fault:
            raise ChannelError((fault.strerror or "it cannot be written").lower()) from None


def _append(path: str, data: bytes) -> None:
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK  # a pipe nobody reads would wait
    descriptor = os.open(path, flags, 0o600)
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        if os.write(descriptor, data) != len(data):
            os.ftruncate(descriptor, found.st_size)
            raise OSError(errno.ENOSPC, "no space left on device")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
