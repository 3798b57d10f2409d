"""Lists of values, compared strictly: ``1`` is not ``true``, ``"1"`` is not ``1``."""

from collections.abc import Sequence

from keybound.domain.errors import BadInputError
from keybound.domain.values.canonical import encode
from keybound.domain.values.readings import FileContent, Value


def is_list(value: Value) -> bool:
    """Whether the value is a list."""
    return isinstance(value, Sequence) and not isinstance(value, str | FileContent)


def items(value: Value) -> Sequence[Value]:
    """The value's elements; none where it is no list."""
    return value if isinstance(value, Sequence) and not isinstance(value, str | FileContent) else ()


def code(value: Value) -> bytes | None:
    """What two values have in common if they are the same; None for nan, which equals nothing."""
    try:
        return encode(value)
    except BadInputError:
        return None


def codes(values: Value) -> set[bytes]:
    """The codes of a list's elements."""
    return {one for item in items(values) if (one := code(item)) is not None}
