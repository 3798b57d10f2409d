"""AWS config and credentials: INI in which a line that is indented deeper is a key of a table."""

import re

from keybound.sources.formats.ini import Dialect, format_of

FORMAT = format_of(Dialect(re.compile(r"="), "table"))
