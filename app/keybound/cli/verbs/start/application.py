"""Open the application."""

import os

from keybound.cli.console.io import ensure_store, keeper, require_screen
from keybound.custody.application.app_service import CustodyAppService
from keybound.custody.context.context import Context


def run() -> int:
    """Open it on this user's home; a store is chosen first where there is none."""
    require_screen("the application")
    keep = keeper()
    ensure_store(keep)
    return show(keep)


def show(keep: Context) -> int:
    """Open it on a home that is ready."""
    from keybound.sources.files.watch import watch
    from keybound.stores.watchers import announced
    from keybound.tui.app import run_app

    with announced(keep.home.state):
        return run_app(CustodyAppService(keep), watch=watch, home_themes=os.path.join(keep.home.config, "themes"))
