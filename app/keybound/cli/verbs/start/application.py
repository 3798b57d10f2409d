"""Open the application."""

import os

from keybound.cli.console.io import ensure_store, own_context, require_screen
from keybound.custody.application.app_service import CustodyAppService
from keybound.custody.context.config import read_config
from keybound.custody.context.context import Context


def run() -> int:
    """Open it on this user's home; a store is chosen first where there is none."""
    require_screen("the application")
    context = own_context()
    ensure_store(context)
    return show(context)


def show(context: Context) -> int:
    """Open it on a home that is ready."""
    from keybound.sources.files.watch import watch
    from keybound.stores.watchers import announced
    from keybound.tui.app import run_app

    context.delivers = True
    with announced(context.home.state):
        return run_app(
            CustodyAppService(context),
            watch=watch,
            home_themes=os.path.join(context.home.config, "themes"),
            keys=read_config(context.home).keys,
        )
