"""What is printed: lines for a person, cleaned of anything that could drive a terminal, and data for programs."""

import errno
import os
import sys

from keybound.domain.errors import CannotPrintError
from keybound.domain.text.sanitize import clean_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

OUT, ERR = 1, 2
_CLOSED = "standard output is closed"


def hold_descriptors() -> None:
    """Fill those of the three standard descriptors that are closed, so that no file of ours gets such a number.

    Each by the null device opened the wrong way round: reading or writing there fails, as it did before. A command that
    ``exec`` starts does not get them.
    """
    for number, way in ((0, os.O_WRONLY), (OUT, os.O_RDONLY), (ERR, os.O_RDONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, way)  # the lowest number that is free: this one


def put(text: str) -> None:
    """Write text on standard output. Raises CannotPrintError."""
    _printing(lambda out: out.write(text))


def put_bytes(data: bytes) -> None:
    """Write bytes on standard output, at once. Raises CannotPrintError."""
    _printing(lambda out: (out.buffer.write(data), out.buffer.flush()))


def flush() -> None:
    """Write what standard output still holds back. Raises CannotPrintError."""
    if sys.stdout is not None:
        _printing(lambda out: out.flush())


def _printing(action: "Callable[[TextIO], object]") -> None:
    if sys.stdout is None:
        raise CannotPrintError(_CLOSED)
    try:
        action(sys.stdout)
    except BrokenPipeError:
        raise
    except OSError as fault:
        raise cannot_print(fault) from None


def cannot_print(fault: OSError) -> CannotPrintError:
    """The error for standard output that cannot be written."""
    if fault.errno == errno.EBADF:
        return CannotPrintError(_CLOSED)
    why = (fault.strerror or "no reason given").lower()
    return CannotPrintError(f"cannot write to standard output: {why}")


def drop(number: int = OUT) -> None:
    """Forget what could not be written: the interpreter would fail on it once more at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), number)


def say(text: str) -> None:
    """Print a line on standard output; ``?`` for what its encoding does not have. Raises CannotPrintError."""
    put(_encodable(clean_lines(text)) + "\n")


def _encodable(text: str) -> str:
    encoding = sys.stdout.encoding if sys.stdout is not None else "utf-8"
    return text if text.isascii() or encoding == "utf-8" else text.encode(encoding, "replace").decode(encoding)


def warn(text: str) -> None:
    """Print a line on standard error."""
    complain(clean_lines(text))


def ring() -> None:
    """Ring the bell of the terminal that standard error is."""
    _write_error("\a")


def complain(text: str) -> None:
    """Print text that is clean on standard error; where that is closed or full there is nobody to tell."""
    _write_error(f"keybound: {text}\n")


def _write_error(text: str) -> None:
    try:
        if sys.stderr is not None:
            sys.stderr.write(text)
            sys.stderr.flush()
    except BrokenPipeError:
        raise
    except OSError:
        drop(ERR)
