"""What a check finds: how bad it is, what and where, what to do, and how it is mended where that is safe."""

from collections.abc import Callable
from typing import NamedTuple

from keybound.custody.view_models.health import Health
from keybound.domain.errors import BadInputError, KeyboundError

Mend = Callable[[], str]


class Finding(NamedTuple):
    """What one check says. ``fix``: a command or an edit, "" for none.

    ``mend`` does what is safe by itself and says what it did; it touches no secret, definition or approval, and raises
    KeyboundError or OSError where it cannot.
    """

    status: Health
    message: str
    fix: str = ""
    mend: Mend | None = None


def ok(message: str) -> Finding:
    """It is in order."""
    return Finding(Health.OK, message)


def warn(message: str, fix: str = "", mend: Mend | None = None) -> Finding:
    """It works, and is not as it should be."""
    return Finding(Health.WARN, message, fix, mend)


def fail(message: str, fix: str = "", mend: Mend | None = None) -> Finding:
    """Something does not work until it is put right."""
    return Finding(Health.FAIL, message, fix, mend)


def of_fault(fault: KeyboundError) -> Finding:
    """What was raised, as a finding."""
    verb = "Correct" if isinstance(fault, BadInputError) else "Look at"
    step = f"{verb} {fault.where}" if fault.where else "Run it again; if it stays so, report it."
    return fail(sentence(fault), fault.hint or step)


def sentence(fault: KeyboundError) -> str:
    """Where and what, in a line."""
    return f"{fault.where}: {fault.what}" if fault.where else fault.what
