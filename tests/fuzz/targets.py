"""The table of all targets."""

from collections.abc import Callable
from pathlib import Path

from fuzz.byte_targets import byte_targets
from fuzz.text_targets import text_targets

CORPUS = Path(__file__).with_name("corpus")
TARGETS: dict[str, Callable[[bytes], None]] = {**text_targets(), **byte_targets()}


def kept(target: str) -> list[Path]:
    """What was found for a target, and is kept."""
    return sorted((CORPUS / target).glob("*"))
