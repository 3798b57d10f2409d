"""Lines for a person, cleaned of anything that could drive a terminal."""

import sys

from keybound.domain.clean import clean_lines


def say(text: str) -> None:
    """Print a line on standard output."""
    sys.stdout.write(clean_lines(text) + "\n")


def warn(text: str) -> None:
    """Print a line on standard error."""
    sys.stderr.write(f"keybound: {clean_lines(text)}\n")
