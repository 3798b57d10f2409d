"""JSON that may hold comments and trailing commas."""

from keybound.sources.formats.base import Format
from keybound.sources.formats.json import parse_jsonc

FORMAT = Format(parse_jsonc)
