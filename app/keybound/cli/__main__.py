"""``python -I -m keybound.cli``: how the prompt hook starts the program."""

import sys

from keybound.cli.main import main

sys.exit(main(sys.argv[1:]))
