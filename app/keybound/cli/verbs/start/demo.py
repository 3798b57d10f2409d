"""demo: the application on a throw-away home, touching nothing of the user's."""

import os
import secrets
import shutil
import signal
import sys
import tempfile

from keybound.cli.console.arguments import parser
from keybound.cli.console.io import require_screen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser


def demo_parser() -> "ArgumentParser":
    """What ``demo`` takes."""
    from keybound.cli.verbs.start.application import add_theme

    parse = parser(
        "demo",
        "keybound demo",
        "keybound demo --theme nord",
        more="Comes with sample profiles, tokens and files; touches nothing of yours and leaves nothing behind.",
    )
    add_theme(parse)
    return parse


def demo(argv: list[str]) -> int:
    """Open the application on sample profiles and tokens; leave nothing behind."""
    options = demo_parser().parse_args(argv)
    require_screen("the demo")
    home = tempfile.mkdtemp(prefix="keybound-demo-")
    for number in (signal.SIGHUP, signal.SIGTERM):  # a closed terminal leaves nothing behind either
        signal.signal(number, lambda *_: sys.exit(1))
    try:
        environ = throw_away(home)
        os.environ.clear()
        os.environ.update(environ)
        from keybound.cli.verbs.start.application import show
        from keybound.custody.demo.samples import furnish

        context = furnish(environ, home)
        sys.stderr.write(f"keybound: edit the files in {home} in another terminal and watch the tokens react\n")
        status = show(context, options.theme)
        context.store.lock()
        return status
    finally:
        shutil.rmtree(home, ignore_errors=True)


def throw_away(home: str) -> dict[str, str]:
    """An environment that knows nothing of the user's: own HOME, own folders, a passphrase it makes, no bus."""
    kept = (
        *("PATH", "LANG", "LC_ALL", "LC_CTYPE", "EDITOR", "VISUAL"),
        *("TERM", "TERM_PROGRAM", "COLORTERM", "COLORFGBG", "NO_COLOR", "KEYBOUND_ASCII", "TMUX", "STY"),
    )
    password = os.path.join(home, ".passphrase")
    with open(password, "w", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        file.write(secrets.token_urlsafe(24))
    return {name: os.environ[name] for name in kept if name in os.environ} | {
        "HOME": home,
        "XDG_CONFIG_HOME": f"{home}/config",
        "XDG_DATA_HOME": f"{home}/data",
        "XDG_STATE_HOME": f"{home}/state",
        "KEYBOUND_STORE": "file",
        "KEYBOUND_PASSWORD_FILE": password,
        "AWS_PROFILE": "staging",
    }
