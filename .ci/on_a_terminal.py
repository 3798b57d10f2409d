"""Run a line on a terminal, wait for the application's screen, and leave it with ``q``: on_a_terminal.py LINE."""

import fcntl
import os
import pty
import re
import select
import struct
import sys
import termios
import time

SEEN = re.compile(rb"Tokens.*Map.*Profile.*Drift.*Journal", re.DOTALL)
SECONDS = 300


def main(line: str) -> int:
    """Exit with the line's own status, once its screen was seen; 1 where it never was."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp("sh", ["sh", "-c", line])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    shown, until, left = b"", time.monotonic() + SECONDS, False
    while time.monotonic() < until:
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            data = os.read(terminal, 65536)
        except OSError:  # Linux says so when the other end is closed
            data = b""
        if not data:
            break
        shown += data
        if not left and SEEN.search(shown):
            left = True
            time.sleep(2)
            os.write(terminal, b"q")
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    print(f"the application's screen was {'seen' if left else 'never seen'}, exit status {status}")
    if not left:
        sys.stdout.buffer.write(shown[-2000:])
    return status if left else 1


sys.exit(main(sys.argv[1]))
