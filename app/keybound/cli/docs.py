"""docs: the page that says who depends on what, and the JSON Schemas."""

import os

from keybound.cli.io import keeper, parser
from keybound.cli.lines import put, say, warn
from keybound.custody.library import Library
from keybound.custody.relations import broken, relations_page
from keybound.domain.errors import BadInput, NotFound
from keybound.domain.json_schema import SHAPES, json_schema


def docs(argv: list[str]) -> int:
    """Print the page, or compare it with a file."""
    parse = parser("docs", "A Markdown page of tokens, keys, boundaries and reactions, with a Mermaid graph.")
    parse.add_argument("profile", nargs="*", help="all where none is named")
    parse.add_argument("--dir", metavar="DIR", help="a folder with profiles/ and policy.toml, instead of your own")
    parse.add_argument("--check", metavar="FILE", help="exit 1 where FILE is not what would be printed")
    parse.add_argument("--schema", choices=sorted(SHAPES), help="print the JSON Schema of these files instead")
    options = parse.parse_args(argv)
    if options.schema:
        put(json_schema(options.schema))
        return 0
    home = keeper().home
    library = Library(home._replace(config=os.path.abspath(options.dir)) if options.dir else home)
    names = options.profile or library.names()
    if faults := broken(library, names):
        raise BadInput(faults[0].what, where=faults[0].where, hint="Nothing was written.")
    page = relations_page(library, names)
    if options.check:
        return _compare(options.check, page)
    put(page)
    return 0


def _compare(path: str, page: str) -> int:
    try:
        with open(path, encoding="utf-8") as file:
            old = file.read()
    except FileNotFoundError:
        raise NotFound(f"there is no file {path}", hint=f"Write it: keybound docs > {path}") from None
    except (OSError, UnicodeDecodeError) as fault:
        raise BadInput(f"it cannot be read: {type(fault).__name__}", where=path) from None
    if old == page:
        say(f"{path} is up to date")
        return 0
    warn(f"{path} is stale\n  Write it anew: keybound docs > {path}")
    return 1
