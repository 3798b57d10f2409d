"""docs: the page that says who depends on what, and the JSON Schemas."""

from keybound.cli.console.arguments import add_dir, parser
from keybound.cli.console.io import own_context
from keybound.cli.console.output import put, say, warn
from keybound.cli.console.reference import commands_table
from keybound.custody.context.paths import from_here
from keybound.custody.planning.dependency_page import broken, relations_page
from keybound.custody.profiles.library import Library
from keybound.domain.errors import BadInputError, NotFoundError
from keybound.domain.profile.json_schema import SHAPES, json_schema

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser


def docs_parser() -> "ArgumentParser":
    """What ``docs`` takes."""
    parse = parser(
        "docs",
        "keybound docs > TOKENS.md",
        "keybound docs staging --check TOKENS.md",
        "keybound docs --schema profile",
        more="The page is Markdown, with a Mermaid graph.",
    )
    parse.add_argument("profile", nargs="*", metavar="PROFILE", help="The profiles (default: all).")
    add_dir(parse)
    parse.add_argument("--check", metavar="FILE", help="Print nothing; exit 1 if FILE is out of date.")
    parse.add_argument("--schema", choices=sorted(SHAPES), help="Print the JSON Schema of these files instead.")
    parse.add_argument("--commands", action="store_true", help="Print a table of all commands instead.")
    parse.add_argument("--providers", action="store_true", help="Print a page of all known providers instead.")
    return parse


def docs(argv: list[str]) -> int:
    """Print the page, or compare it with a file."""
    options = docs_parser().parse_args(argv)
    if options.schema:
        put(json_schema(options.schema))
        return 0
    if options.commands:
        put(commands_table())
        return 0
    if options.providers:
        put(_providers())
        return 0
    home = own_context().home
    library = Library(home._replace(config=from_here(options.dir)) if options.dir else home)
    names = options.profile or library.names()
    if faults := broken(library, names):
        raise BadInputError(faults[0].what, where=faults[0].where, hint="Nothing was written.")
    page = relations_page(library, names)
    if options.check:
        return _compare(options.check, page)
    put(page)
    return 0


def _providers() -> str:
    from keybound.catalogue.page import providers_page
    from keybound.catalogue.shipped import shipped

    return providers_page(shipped())


def _compare(path: str, page: str) -> int:
    try:
        with open(path, encoding="utf-8") as file:
            old = file.read()
    except FileNotFoundError:
        raise NotFoundError(f"no such file: {path}", hint=f"Create it: keybound docs > {path}") from None
    except (OSError, UnicodeDecodeError) as fault:
        raise BadInputError(f"cannot be read: {type(fault).__name__}", where=path) from None
    if old == page:
        say(f"{path} is up to date")
        return 0
    warn(f"{path} is out of date\n  Update it: keybound docs > {path}")
    return 1
