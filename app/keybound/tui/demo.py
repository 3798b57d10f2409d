"""The demo from within the application: another process, in this terminal, until it is left."""

import subprocess

from textual.app import SuspendNotSupported

from keybound.shells.starting import program_words
from keybound.tui.app_protocol import AppProtocol


def show_demo(host: AppProtocol) -> None:
    """Run it, and come back; a toast where this terminal cannot be lent."""
    try:
        with host.suspend():
            status = subprocess.call([*program_words(), "demo"])
    except (SuspendNotSupported, OSError):
        host.say("this terminal cannot show the demo; outside: keybound demo", severity="warning")
        return
    if status:
        host.say(f"the demo ended with status {status}", severity="warning")
