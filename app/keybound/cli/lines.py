"""What is printed: lines for a person, cleaned of anything that could drive a terminal, and data for programs."""

import os
import sys

from keybound.domain.clean import clean_lines
from keybound.domain.errors import CannotPrint

OUT, ERR = 1, 2


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
    """Write text on standard output. Raises CannotPrint."""
    try:
        if sys.stdout is None:
            raise CannotPrint("standard output is closed")
        sys.stdout.write(text)
    except BrokenPipeError:
        raise
    except OSError as fault:
        raise _cannot_print(fault) from None


def put_bytes(data: bytes) -> None:
    """Write bytes on standard output, at once. Raises CannotPrint."""
    try:
        if sys.stdout is None:
            raise CannotPrint("standard output is closed")
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as fault:
        raise _cannot_print(fault) from None


def flush() -> None:
    """Write what standard output still holds back. Raises CannotPrint."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as fault:
        raise _cannot_print(fault) from None


def drop(number: int = OUT) -> None:
    """Forget what could not be written: the interpreter would fail on it once more at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), number)


def _cannot_print(fault: OSError) -> CannotPrint:
    return CannotPrint(f"standard output cannot be written: {(fault.strerror or 'no reason given').lower()}")


def say(text: str) -> None:
    """Print a line on standard output. Raises CannotPrint."""
    put(clean_lines(text) + "\n")


def warn(text: str) -> None:
    """Print a line on standard error."""
    complain(clean_lines(text))


def complain(text: str) -> None:
    """Print text that is clean on standard error; where that is closed or full there is nobody to tell."""
    try:
        if sys.stderr is not None:
            sys.stderr.write(f"keybound: {text}\n")
    except BrokenPipeError:
        raise
    except OSError:
        drop(ERR)
