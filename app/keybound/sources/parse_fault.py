"""Why a file could not be parsed."""


class ParseError(Exception):
    """A file is not what its format asks for. ``line`` counts from 1; None where it is not known."""

    def __init__(self, why: str, line: int | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.line = line

    def __str__(self) -> str:
        return f"line {self.line}: {self.why}" if self.line else self.why


def twice(key: str, line: int | None = None) -> ParseError:
    """The fault of a key that stands twice."""
    return ParseError(f"the key {key!r} is defined twice", line)
