"""recognise: tell what a token is, storing nothing."""

from keybound.catalogue.recognise import Recognition
from keybound.cli.console.arguments import add_json, parser
from keybound.cli.console.io import own_context, put_json, read_secret
from keybound.cli.console.output import say, warn
from keybound.custody.providers.catalogue import read_catalogue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser


def recognise_parser() -> "ArgumentParser":
    """What ``recognise`` takes."""
    parse = parser(
        "recognise",
        "pbpaste | keybound recognise",
        "keybound recognise --near DD_API_KEY --json < token",
        more="It is told offline, by its form and its checksum; nothing is stored or sent.",
        secret=True,
    )
    parse.add_argument(
        "--near",
        default="",
        metavar="WORDS",
        help="What stands beside it, such as its variable, for tokens whose form tells nothing.",
    )
    add_json(parse)
    return parse


def recognise(argv: list[str]) -> int:
    """Tell what the token on standard input, or from a hidden prompt, is."""
    options = recognise_parser().parse_args(argv)
    catalogue = read_catalogue(own_context().home)
    for note in catalogue.notes:
        warn(note)
    found = catalogue.recognise(read_secret("Token"), options.near)
    if options.json:
        put_json([_told(one) for one in found])
        return 0
    for one in found:
        _say(one)
    if not found:
        say("not recognised: no provider in the catalogue has tokens of this form")
    return 0


def _told(one: Recognition) -> dict[str, object]:
    return {
        "provider": one.provider.id,
        "kind": one.kind.name,
        "env": list(one.env),
        "sure": one.sure.value,
        "fault": one.fault.value if one.fault else None,
    }


def _say(one: Recognition) -> None:
    say(f"{one.provider.name}: {one.kind.name} ({one.words})")
    if one.fault:
        warn(one.fault.words)
    if one.env:
        say(f"  variable  {', '.join(one.env)}")
    if one.provider.page:
        say(f"  made at   {one.provider.page.make}")
    if one.provider.life:
        say(f"  lifetime  {one.provider.life.words}")
