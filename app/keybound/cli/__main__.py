"""``python -I -m keybound.cli``: how the prompt hook starts the program."""

import signal
import sys

if sys.argv[1:2] == ["hook-step"]:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C gives the prompt back at once, without a word

from keybound.cli.main import main

sys.exit(main(sys.argv[1:]))
