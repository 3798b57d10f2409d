"""npm's configuration: INI that drops quotes, knows lists (``key[]``) and keys without a value, and no indentation.

A value ends at ``;`` or ``#``; a bare key is true; ``${VAR}`` stays as it is written.
"""

import re

from keybound.sources.formats.ini import Dialect, format_of

FORMAT = format_of(Dialect(re.compile(r"="), "nothing", npm=True))
