"""shim: a small program that runs the real one through exec."""

import os
import sys

from keybound.cli.console.arguments import add_only, parser
from keybound.cli.console.io import own_context
from keybound.cli.console.output import say
from keybound.cli.verbs.use.exec import exec_
from keybound.custody.context.paths import find_program, from_here
from keybound.domain.errors import BadInputError, NotFoundError, RefusedError
from keybound.domain.values.names import check_name
from keybound.shells.posix import quoted
from keybound.shells.starting import start_command
from keybound.stores.atomic import write_atomic
from keybound.stores.private_dir import make_private_dir

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser

_MARK = "# made by: keybound shim"


def shim_parser() -> "ArgumentParser":
    """What ``shim`` takes."""
    parse = parser(
        "shim",
        "keybound shim terraform --profile staging",
        "keybound shim gh --only github",
        "keybound shim gh --remove",
        more="With its folder first on PATH, scripts and editors use it too.",
    )
    parse.add_argument("name", metavar="PROGRAM", help="The name of the program.")
    parse.add_argument(
        "--profile", default="", metavar="PROFILE", help="Always use this profile (default: the one in use)."
    )
    add_only(parse)
    parse.add_argument("--dir", metavar="DIR", help="Put it in this folder instead of Keybound's own.")
    parse.add_argument("--remove", action="store_true", help="Remove the wrapper.")
    return parse


def shim(argv: list[str]) -> int:
    """Write the program into a folder that stands early on PATH."""
    options = shim_parser().parse_args(argv)
    name = options.name
    if not name or "/" in name or name.startswith("-") or not name.isprintable():
        raise BadInputError(f"{name!r} is not the name of a program")
    home = own_context().home
    folder = from_here(options.dir) if options.dir else os.path.join(home.data, "shims")
    path = os.path.join(folder, name)
    _check_ours(path)
    if options.remove:
        return _remove(path)
    if not _real(folder, name):
        raise NotFoundError(f"no program named {name} on PATH", hint="Install it first.")
    words = [check_name(options.profile, "profile")] if options.profile else []
    words += [part for token in options.only or () for part in ("--only", check_name(token, "token"))]
    make_private_dir(folder)
    write_atomic(path, _text(folder, name, words).encode(), 0o700)
    os.chmod(path, 0o700)
    say(f"created {path}")
    if folder not in os.environ.get("PATH", "").split(os.pathsep):
        say(f'Put its folder first on PATH: export PATH="{folder}:$PATH"')
    return 0


def _check_ours(path: str) -> None:
    if os.path.lexists(path) and not _is_shim(path):
        raise RefusedError(f"{path} already exists and is not a shim", hint="Nothing was written.")


def _is_shim(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            return _MARK.encode() in file.read(4096)
    except OSError:
        return False


def _remove(path: str) -> int:
    if not os.path.lexists(path):
        raise NotFoundError(f"no such shim: {path}")
    os.unlink(path)
    say(f"removed {path}")
    return 0


def _text(folder: str, name: str, words: list[str]) -> str:
    command = [sys.executable, *start_command(), "shim-run", folder, name, *words, "--"]
    return f'#!/bin/sh\n{_MARK} {name}\nexec {" ".join(map(quoted, command))} "$@"\n'


def _real(folder: str, name: str) -> str:
    """The next program on PATH outside ``folder`` that is no shim, "" where there is none.

    A shim in another folder, or a link to this one, would come back here for ever.
    """
    own = os.path.realpath(folder)
    for entry in os.environ.get("PATH", os.defpath).split(os.pathsep):
        found = find_program(name, entry) if os.path.realpath(entry) != own else ""
        if found and not _is_shim(found):
            return found
    return ""


def shim_run(argv: list[str]) -> int:
    """What a shim calls: FOLDER NAME [OPTIONS] -- ARGUMENTS; the real program is the next one on PATH."""
    folder, name, *rest = argv
    at = rest.index("--")
    real = _real(folder, name)
    if not real:
        raise NotFoundError(f"no program named {name} on PATH other than the shim")
    return exec_([*rest[:at], "--", real, *rest[at + 1 :]])
