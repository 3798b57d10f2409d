"""``python -I -m keybound.cli``: how a hooked shell starts the program."""

import sys

from keybound.cli.main import main

sys.exit(main(sys.argv[1:]))
