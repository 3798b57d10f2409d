"""A profile's text as a table, and its faults with line and column."""

import re
import tomllib
from collections.abc import Sequence

from keybound.domain.errors import BadInput
from keybound.domain.keys import Member
from keybound.domain.readings import Value


def read_profile_table(text: str, path: str) -> dict[str, Value]:
    """Parse TOML. Raises BadInput with file, line, column and reason."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"^(.*) \(at line (\d+), column (\d+)\)$", str(error))
        if found:
            raise BadInput(_lower(found.group(1)), where=f"{path}:{found.group(2)}:{found.group(3)}") from None
        lines = text.split("\n")
        raise BadInput(_lower(str(error)), where=f"{path}:{len(lines)}:{len(lines[-1]) + 1}") from None
    except RecursionError:
        raise BadInput("it is nested too deep", where=path) from None


def _lower(text: str) -> str:
    text = text.removesuffix(" (at end of document)")
    return text[:1].lower() + text[1:]


def profile_fault(path: str, text: str, keypath: Sequence[str], what: str, hint: str = "") -> BadInput:
    """A fault at a key, with its line and column where they can be found."""
    from keybound.sources.locate import line_of

    steps = [Member(name) for name in keypath]
    while steps:
        if found := line_of(path, text, steps):
            return BadInput(what, where=f"{path}:{found[0]}:{found[1]}: {'.'.join(keypath)}", hint=hint)
        steps.pop()
    return BadInput(what, where=f"{path}: {'.'.join(keypath)}", hint=hint)
