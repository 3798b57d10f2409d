"""Open the application."""

import os
from collections.abc import Sequence

from keybound.cli.console.io import own_context, require_screen
from keybound.cli.console.parsing import Parser
from keybound.custody.application.app_service import CustodyAppService
from keybound.custody.application.first_store import record_store
from keybound.custody.context.config import read_config
from keybound.custody.context.context import Context


def application_parser() -> Parser:
    """What ``keybound`` takes where no command is named."""
    parse = Parser("keybound", "Open the application.", ("keybound", "keybound --theme nord"))
    add_theme(parse)
    return parse


def add_theme(parse: Parser) -> None:
    """--theme."""
    parse.add_argument("--theme", metavar="THEME", default="", help="Its colours: auto, or a theme's name.")


def run(argv: Sequence[str] = ()) -> int:
    """Open it on this user's home; what a new home needs, the application asks for."""
    options = application_parser().parse_args(argv)
    require_screen("the application")
    context = own_context()
    record_store(context)
    return show(context, options.theme)


def show(context: Context, theme: str = "") -> int:
    """Open it on a home that is ready, in a theme: else in that of config.toml, else as the terminal is."""
    from keybound.sources.files.watch import watch
    from keybound.stores.watchers import announced
    from keybound.tui.app import run_app

    settings = read_config(context.home)
    context.delivers = True
    with announced(context.home.state):
        return run_app(
            CustodyAppService(context),
            watch=watch,
            theme=theme or settings.theme,
            home_themes=os.path.join(context.home.config, "themes"),
            keys=settings.keys,
        )
