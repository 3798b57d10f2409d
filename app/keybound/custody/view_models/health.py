"""What the doctor found, as it is shown."""

from enum import Enum
from typing import NamedTuple


class Health(Enum):
    """How bad it is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


class HealthRow(NamedTuple):
    """What one check says. ``fix``: a command or an edit, "" for none; ``mendable``: it is safe to be mended at once."""

    check: str
    status: Health
    message: str
    fix: str
    mendable: bool


class Examination(NamedTuple):
    """Every finding in the order of the checks. ``done``: what was mended before, in lines."""

    rows: tuple[HealthRow, ...]
    done: tuple[str, ...] = ()
