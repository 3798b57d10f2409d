"""Start a program apart from this process: it outlives the command and the terminal, and holds nothing of theirs."""

import os
import sys
from collections.abc import Mapping, Sequence

# all that such a program needs of an environment: secrets stay with their shells
KEPT = (
    "HOME", "USER", "LOGNAME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR",
    "DBUS_SESSION_BUS_ADDRESS", "KEYBOUND_STORE", "LANG", "LC_ALL", "LC_CTYPE",
)  # fmt: skip
# may hold a password: handed on, and never written down
_PROXIES = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy")


def start_detached(words: Sequence[str], environ: Mapping[str, str]) -> None:
    """Run this interpreter, isolated, with these arguments and what is kept of ``environ``. Raises OSError."""
    pid = os.fork()
    if pid:
        os.waitpid(pid, 0)
        return
    try:
        os.setsid()
        nothing = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(nothing, number)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))  # whoever reads the other end of a pipe waits for its last holder
        if os.fork() == 0:
            kept = {name: environ[name] for name in (*KEPT, *_PROXIES) if name in environ}
            os.execve(sys.executable, [sys.executable, "-I", *words], kept)
    finally:
        os._exit(0)
