"""Standard input, which can be read only once: taken for the agent, and put back for the direct way."""

import os
import sys


def taken() -> bytes:
    """All of standard input; nothing where it is closed or a terminal, which the direct way asks itself."""
    if sys.stdin is None or sys.stdin.isatty():
        return b""
    return sys.stdin.buffer.read()


def put_back(data: bytes) -> None:
    """Have standard input say ``data`` again."""
    again = os.memfd_create("keybound-input")
    os.write(again, data)
    os.lseek(again, 0, os.SEEK_SET)
    os.dup2(again, 0)
    os.close(again)
    sys.stdin = open(0, encoding=sys.stdin.encoding, errors=sys.stdin.errors, closefd=False)  # noqa: SIM115
