"""A format by its name: imported only when a file has it, as a release pays for its start."""

from keybound.domain.file_formats import FORMATS
from keybound.domain.registry import load
from keybound.sources.formats.base import Format
from keybound.sources.parse_fault import ParseError


def get_format(name: str) -> Format:
    """The format of this name. Raises ParseError for "", and for one that is not known."""
    if name not in FORMATS:
        raise ParseError("no known format")
    found: Format = load(FORMATS[name].reader, __package__)
    return found


def parses(name: str, text: str) -> bool:
    """Whether the text can be read by this format."""
    try:
        get_format(name).parse(text)
    except (ParseError, RecursionError):
        return False
    return True


def format_by_content(text: str) -> str:
    """The first format that the text is told to be of; "" for none."""
    told = (name for name, row in FORMATS.items() if row.content and load(row.content, __package__)(text))
    return next(told, "")
