"""``python -I -m keybound.cli``: how the prompt hook starts the program."""

import gc
import os
import signal
import sys

if sys.argv[1:2] == ["hook-step"]:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C gives the prompt back at once, without a word
    gc.disable()  # it is over before a collection could pay

from keybound.cli.main import main

status = main(sys.argv[1:])
if sys.argv[1:2] == ["hook-step"]:
    os._exit(status)  # all is written and closed; taking the interpreter apart would be a tenth of the prompt's wait
sys.exit(status)
