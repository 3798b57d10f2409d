"""INI files as Python's configparser has them: what the AWS tools, pip and gcloud, which are written in Python, read by it."""

import re
from collections.abc import Mapping
from configparser import ConfigParser, Error, RawConfigParser

from keybound.sources.files.open_file import Content
from keybound.sources.parse_fault import ParseError

INTERPOLATING = ConfigParser
Sections = Mapping[str, Mapping[str, str]]


def parse_ini(path: str, content: Content | None, parser_kind: type[RawConfigParser] = RawConfigParser) -> Sections:
    """Sections with their options, those of [DEFAULT] in each; {} for no file. Raises ParseError for what Python refuses.

    ``parser_kind``: :data:`INTERPOLATING` where ``%(name)s`` in a value is put in.
    """
    text = text_of(path, content)
    parser = parser_kind()
    try:
        parser.read_string(text)
        return {section: dict(parser.items(section)) for section in parser.sections()}
    except Error as fault:
        line = re.search(r"\[line:? *(\d+)\]", str(fault))
        raise ParseError(f"{path}: {f'line {line[1]}: ' if line else ''}Python cannot read it as INI") from None


def text_of(path: str, content: Content | None) -> str:
    """A file's text with plain line ends, "" for no file. A byte order mark stays: Python's parser takes it for a name."""
    try:
        text = content.data.decode() if content else ""
    except UnicodeDecodeError:
        raise ParseError(f"{path}: it is not UTF-8 text") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def line_of(text: str, section: str, option: str, *, fold: str = "") -> int:
    """The line of an option, from 1; 0 where it is not found. ``fold``: characters of its name that count as a dash."""
    here, found = "", 0
    for number, line in enumerate(text.split("\n"), 1):
        if head := re.match(r"\[(.+)\]", line):
            here = head[1]
        elif here in (section, "DEFAULT") and (name := re.match(r"\s*([^=:\s]+)\s*[=:]", line)):
            spelt = name[1].lower()
            for one in fold:
                spelt = spelt.replace(one, "-")
            if spelt == option and (here == section or not found):
                found = number
    return found
