"""``python -I -m keybound.cli``: how a hooked shell starts the program."""

import sys

from keybound.cli.client.client import ask_first

ask_first(sys.argv[1:])

from keybound.cli.main import main  # noqa: E402  # nothing of it is needed where the agent has answered

sys.exit(main(sys.argv[1:]))
