"""A profile's text as a table, and its faults with line and column."""

import re
import tomllib
from collections.abc import Sequence

from keybound.domain.errors import BadInputError
from keybound.domain.values.keys import Member
from keybound.domain.values.readings import Value
from keybound.sources.bounds import check_bounds
from keybound.sources.formats.toml import check_toml_keys
from keybound.sources.parse_fault import ParseError

MARK = "\ufeff"  # the byte order mark that Windows' editors put first


def without_mark(text: str) -> str:
    """The text without a byte order mark."""
    return text.removeprefix(MARK)


def read_profile_table(text: str, path: str) -> dict[str, Value]:
    """Parse TOML. Raises BadInputError with file, line, column and reason."""
    text = without_mark(text)
    try:
        check_toml_keys(text)
        table = tomllib.loads(text)
        check_bounds(table)
    except ParseError as fault:
        raise BadInputError(fault.why, where=f"{path}:{fault.line}" if fault.line else path) from None
    except ValueError as error:  # tomllib's own error is one, and so is that of an integer of 4300 digits
        found = re.search(r"^(.*) \(at line (\d+), column (\d+)\)$", str(error))
        if found:
            raise BadInputError(_lower(found.group(1)), where=f"{path}:{found.group(2)}:{found.group(3)}") from None
        lines = text.split("\n")
        raise BadInputError(_lower(str(error)), where=f"{path}:{len(lines)}:{len(lines[-1]) + 1}") from None
    except RecursionError:
        raise BadInputError("it is nested too deep", where=path) from None
    return table


def _lower(text: str) -> str:
    text = text.removesuffix(" (at end of document)")
    return text[:1].lower() + text[1:]


def profile_fault(path: str, text: str, keypath: Sequence[str], what: str, hint: str = "") -> BadInputError:
    """A fault at a key, with its line and column where they can be found."""
    from keybound.sources.files.locate import line_of

    steps = [Member(name) for name in keypath]
    while steps:
        if found := line_of(path, text, steps):
            return BadInputError(what, where=f"{path}:{found[0]}:{found[1]}: {'.'.join(keypath)}", hint=hint)
        steps.pop()
    return BadInputError(what, where=": ".join(filter(None, [path, ".".join(keypath)])), hint=hint)
