"""Whose environment, folder and user id context keys are read from."""

from collections.abc import Mapping
from typing import NamedTuple


class Caller(NamedTuple):
    """Whoever asks: context keys are read from here."""

    environ: Mapping[str, str]
    cwd: str
    uid: int
