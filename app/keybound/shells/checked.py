"""The one check that every name passes before a shell evaluates it."""

from keybound.domain.errors import BadInputError
from keybound.domain.values.variables import is_variable


def checked(name: str) -> bytes:
    """The name as bytes; raise BadInputError where no shell could hold it."""
    if not is_variable(name):
        raise BadInputError(f"{name!r} is not a variable name")
    return name.encode()
