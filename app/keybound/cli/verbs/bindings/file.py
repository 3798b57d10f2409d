"""file: give a local file a name in [files]."""

from keybound.cli.console.arguments import add_yes, parser
from keybound.cli.console.io import own_context
from keybound.cli.console.output import say
from keybound.cli.verbs.saving import save_planned
from keybound.custody.profiles.choose_profile import profile_in_use
from keybound.custody.profiles.library import Library
from keybound.custody.tokens.file_names import written_path
from keybound.domain.file_formats import FORMATS
from keybound.domain.values.names import check_name
from keybound.sources.editing.edit_toml import set_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser


def file_parser() -> "ArgumentParser":
    """What ``file`` takes."""
    parse = parser(
        "file",
        "keybound file kube ~/.kube/config",
        "keybound file app ./settings.conf --format ini --profile staging",
        more="Bind tokens to its values with keys like file:NAME#path.",
    )
    parse.add_argument(
        "name", metavar="NEW", help="The name, as in file:NAME#path; an existing name gets the new path."
    )
    parse.add_argument("path", metavar="PATH", help="The file; it need not exist yet.")
    parse.add_argument("--format", choices=list(FORMATS), help="How to read it (default: from its name and content).")
    parse.add_argument("--profile", metavar="PROFILE", help="The profile (default: the one in use).")
    add_yes(parse)
    return parse


def file(argv: list[str]) -> int:
    """Name a file, after the plan."""
    options, context = file_parser().parse_args(argv), own_context()
    profile = profile_in_use(context, options.profile)
    name = check_name(options.name, "file")
    path = written_path(options.path, context.home.user, context.caller.cwd)
    before = Library(context.home).page(profile).text
    value = {"path": path, "format": options.format} if options.format else path
    save_planned(context, profile, set_value(before, ("files", name), value), before, yes=options.yes)
    say(f"{profile}: file:{name} is {path}")
    return 0
