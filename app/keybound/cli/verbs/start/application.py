"""Open the application."""

import os
import shutil
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from keybound.cli.console.io import own_context, require_screen
from keybound.cli.console.output import say
from keybound.cli.console.parsing import Parser
from keybound.cli.verbs.start.late_service import LateService
from keybound.custody.context.config import read_config
from keybound.custody.context.context import Context

if TYPE_CHECKING:
    from keybound.custody.view_models.service import AppService

SCREENS = ("tokens", "map", "profile", "drift", "journal")  # that can be printed


def application_parser() -> Parser:
    """What ``keybound`` takes where no command is named."""
    parse = Parser("keybound", "Open the application.", ("keybound --theme nord", "keybound --plain drift"))
    add_theme(parse)
    parse.add_argument(
        "--plain",
        nargs="?",
        const="tokens",
        metavar="SCREEN",
        choices=SCREENS,
        help="Print one screen as plain text instead (default: tokens).",
    )
    return parse


def add_theme(parse: Parser) -> None:
    """--theme."""
    parse.add_argument("--theme", metavar="THEME", default="", help="Its colours: auto, or a theme's name.")


def run(argv: Sequence[str] = ()) -> int:
    """Open it on this user's home; what a new home needs, the application asks for."""
    options = application_parser().parse_args(argv)
    if options.plain:
        return print_plain(own_context(), options.plain)
    require_screen("the application", "Print a screen as plain text: keybound --plain")
    from keybound.custody.application.first_store import record_store

    context = own_context()
    record_store(context)
    return show(context, options.theme)


def print_plain(context: Context, screen: str) -> int:
    """Print a screen as plain text, as wide as the terminal, or 80 columns."""
    from keybound.custody.application.app_service import CustodyAppService
    from keybound.tui.plain.screens import plain_screen

    width = shutil.get_terminal_size((80, 24)).columns if sys.stdout is not None and sys.stdout.isatty() else 80
    for line in plain_screen(CustodyAppService(context), screen, width, time.time()):
        say(line)
    return 0


def show(context: Context, theme: str = "") -> int:
    """Open it on a home that is ready, in a theme: else in that of config.toml, else as the terminal is."""
    from keybound.sources.files.watch import watch
    from keybound.stores.watchers import announced
    from keybound.tui.app import run_app

    settings = read_config(context.home)
    context.delivers = True
    with announced(context.home.state):
        return run_app(
            cast("AppService", LateService(context)),
            watch=watch,
            theme=theme or settings.theme,
            home_themes=os.path.join(context.home.config, "themes"),
            keys=settings.keys,
        )
