"""Signals handed on to a child: none is lost, whichever thread it reaches and whenever it comes."""

import subprocess
import sys

import pytest

BEGIN = """
import os, pty, signal, subprocess, threading, time
from keybound.cli.process.signals import Forwarding

def in_another_thread():
    time.sleep(0.3)
    signal.pthread_kill(threading.get_ident(), signal.SIGTERM)

CHILD = ["sh", "-c", "trap 'exit 5' TERM; echo ready; while :; do sleep 0.05; done"]
"""
REACHES_ANOTHER_THREAD = """
forwarding = Forwarding()
child = subprocess.Popen(CHILD, stdout=subprocess.PIPE)
child.stdout.readline()
forwarding.to(child.pid)
threading.Thread(target=in_another_thread).start()
print(forwarding.wait(child.poll))
"""
COMES_EARLY = """
forwarding = Forwarding()
signal.raise_signal(signal.SIGTERM)
child = subprocess.Popen(["sleep", "60"])
forwarding.to(child.pid)
print(forwarding.wait(child.poll))
"""
COMES_BEFORE_THE_FORKED_CHILD_IS_ITSELF = """
forwarding = Forwarding()
with forwarding.while_forking():
    pid, terminal = pty.fork()
    if pid == 0:
        os.kill(os.getpid(), signal.SIGTERM)
if pid == 0:
    os._exit(9)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"""
IS_IGNORED_FROM_THE_START = """
signal.signal(signal.SIGHUP, signal.SIG_IGN)
forwarding = Forwarding()
child = subprocess.Popen(["sh", "-c", "kill -HUP $$; exit 3"])
forwarding.to(child.pid)
print(forwarding.wait(child.poll))
"""


@pytest.mark.parametrize(
    ("script", "status"),
    [
        pytest.param(REACHES_ANOTHER_THREAD, 5, id="reaches another thread"),
        pytest.param(COMES_EARLY, -15, id="comes early"),
        pytest.param(COMES_BEFORE_THE_FORKED_CHILD_IS_ITSELF, -15, id="comes before the forked child is itself"),
        pytest.param(IS_IGNORED_FROM_THE_START, 3, id="is ignored from the start"),
    ],
)
def test_a_signal(script: str, status: int) -> None:
    done = subprocess.run([sys.executable, "-c", BEGIN + script], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == (f"{status}\n", "")
