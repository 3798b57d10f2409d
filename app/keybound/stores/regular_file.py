"""Open files of ours as what they are meant to be, whatever has been put in their place."""

import errno
import os
import stat

_FLAGS = os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


def regular(path: str, flags: int) -> int:
    """The ``opener`` of ``open``. Raises OSError for anything but a regular file, and waits for nobody.

    A fifo would wait for its other end, and a device may never end.
    """
    descriptor = os.open(path, flags | _FLAGS, 0o600)
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        return descriptor
    os.close(descriptor)
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    raise OSError(errno.EINVAL, "It is not a regular file", path)
