"""inject: a text with places becomes a text with secrets."""

import os

from keybound.cli.console.arguments import add_profile, parser
from keybound.cli.console.io import own_context, read_input
from keybound.cli.console.output import put_bytes, say
from keybound.cli.process.delivery import read_template
from keybound.cli.verbs.use.exec import secrets_by_name
from keybound.custody.context.caller import who
from keybound.custody.context.paths import from_here
from keybound.custody.profiles.choose_profile import profile_in_use
from keybound.custody.release.release import Asked, release
from keybound.domain.errors import RefusedError, UnavailableError
from keybound.domain.text.counts import plural
from keybound.domain.text.template import filled, places
from keybound.domain.verdict.states import Way
from keybound.stores.atomic import write_atomic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser


def inject_parser() -> "ArgumentParser":
    """What ``inject`` takes."""
    parse = parser(
        "inject",
        "keybound inject -i app.conf.in -o app.conf",
        "keybound inject staging < app.conf.in | docker login --password-stdin",
        more="Each token must allow `reveal` as a way of release. Write {{{{ for two braces.",
    )
    add_profile(parse)
    parse.add_argument("-i", "--in-file", metavar="FILE", help="The template (default: standard input).")
    parse.add_argument(
        "-o", "--out-file", metavar="FILE", help="Write to this file, readable only by you (default: standard output)."
    )
    return parse


def inject(argv: list[str]) -> int:
    """Fill the places of a text; nothing is written where one of them cannot be filled."""
    options = inject_parser().parse_args(argv)
    text = read_template(options.in_file) if options.in_file else read_input()
    context = own_context()
    profile = profile_in_use(context, options.profile)
    wanted = places(text)
    released = release(context, profile, Asked(Way.REVEAL, who("inject"), wanted)).tokens_alone()
    if released.withheld:
        one = released.withheld[0]
        raise RefusedError(f"{one.id} is withheld ({one.state}): {one.why}", hint="Nothing was written.")
    data = filled(text, secrets_by_name(released), options.in_file or "standard input")
    if not options.out_file:
        put_bytes(data)
        return 0
    path = from_here(options.out_file)
    _make_private(path)
    write_atomic(path, data)
    say(f"wrote {plural(len(wanted), 'secret')} to {path}; only you can read it")
    return 0


def _make_private(path: str) -> None:
    """An existing file before it is replaced: the new one gets its mode. Raises UnavailableError."""
    try:
        if os.path.isfile(path):
            os.chmod(path, 0o600)
    except OSError as fault:
        raise UnavailableError(f"cannot be made private: {fault.strerror}", where=path) from None
