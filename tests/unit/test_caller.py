"""Who asked: the chain of programs above a process, as the system tells it."""

import os
import signal
import subprocess
import sys

import pytest

from keybound.custody.context.caller import parents, who

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc tells it")


def test_the_chain_begins_with_the_parent_and_goes_up() -> None:
    chain = parents()
    assert chain[0].endswith(f":{os.getppid()}")
    assert who("x")["parents"] == chain


def test_a_name_with_brackets_and_blanks_is_read_whole(tmp_path: "os.PathLike[str]") -> None:
    program = os.path.join(tmp_path, "a) (b c")
    os.symlink("/bin/sleep", program)
    child = subprocess.Popen(["/bin/sh", "-c", f"'{program}' 5 & echo $!; wait"], stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None
        pid = int(child.stdout.readline())
        assert parents(pid)[0] == f"sh:{child.pid}"
        assert parents(pid)[1].endswith(f":{os.getpid()}")
    finally:
        os.kill(pid, signal.SIGTERM)
        child.communicate(timeout=20)


def test_a_process_that_is_gone_has_no_chain() -> None:
    assert parents(2**22 + 1) == []
