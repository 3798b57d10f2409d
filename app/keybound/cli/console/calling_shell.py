"""Which shell called."""

import os
from collections.abc import Mapping

from keybound.custody.context.caller import parents
from keybound.shells.registry import shell_called


def calling_shell(environ: Mapping[str, str]) -> str:
    """The nearest shell above this process; where the system does not tell, the one in ``SHELL``; "" for none known."""
    above = [one.rpartition(":")[0] for one in parents()]
    names = above or [os.path.basename(environ.get("SHELL", ""))]
    return next((shell for name in names if (shell := _shell(name))), "")


def _shell(name: str) -> str:
    return shell_called(name.lstrip("-").removesuffix(".exe"))
