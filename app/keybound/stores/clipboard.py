"""The desktop's clipboard, through the tool that the session has; a secret put there is taken away again.

Values go over standard input, never in an argument. Sources: wl-clipboard's, xclip's and xsel's manuals.
"""

import hashlib
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Mapping
from threading import Thread
from typing import NamedTuple

from keybound.domain.text.secret import Secret, expose_secret

CLEAR_SECONDS = 45.0
_CALL_SECONDS = 3.0
_KEPT = ("PATH", "HOME", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_RUNTIME_DIR", "LANG")


class Tool(NamedTuple):
    """One program family: how to put standard input on the clipboard, print it, and empty it.

    ``sensitive``: the option by which managers of the clipboard's history are told to keep nothing of it, where it has one.
    """

    name: str
    put: tuple[str, ...]
    take: tuple[str, ...]
    empty: tuple[str, ...]  # with an empty standard input
    needs: str = ""  # the variable without which it has no session to talk to
    sensitive: str = ""


TOOLS = (
    Tool(
        "wl-copy",
        ("wl-copy",),
        ("wl-paste", "--no-newline"),
        ("wl-copy", "--clear"),
        "WAYLAND_DISPLAY",
        "--sensitive",  # since wl-clipboard 2.2.0
    ),
    Tool(
        "xclip",
        ("xclip", "-selection", "clipboard"),
        ("xclip", "-selection", "clipboard", "-out"),
        ("xclip", "-selection", "clipboard"),
        "DISPLAY",
    ),
    Tool("xsel", ("xsel", "--clipboard", "--input"), ("xsel", "--clipboard", "--output"), ("xsel", "-bc"), "DISPLAY"),
    Tool("pbcopy", ("pbcopy",), ("pbpaste",), ("pbcopy",)),
)


def find_tool(environ: Mapping[str, str]) -> Tool | None:
    """The tool of this session, or None where there is no clipboard to reach by a program."""
    path = environ.get("PATH", "")
    for tool in TOOLS:
        reachable = not tool.needs or environ.get(tool.needs)
        if reachable and all(shutil.which(program, path=path) for program in (tool.put[0], tool.take[0])):
            return tool
    return None


def put(tool: Tool, secret: Secret, environ: Mapping[str, str]) -> bool:
    """Put a secret on the clipboard, to be taken away after CLEAR_SECONDS if it is still there; False: it failed."""
    if not _fed(_to_put(tool, environ), expose_secret(secret), environ):
        return False
    salt = secrets.token_bytes(16)
    helper = subprocess.Popen(
        [sys.executable, "-I", "-m", "keybound.stores.clipboard", tool.name, str(CLEAR_SECONDS)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=_small(environ),
        start_new_session=True,  # it outlives the terminal
    )
    if helper.stdin is not None:
        helper.stdin.write((salt + _digest(salt, expose_secret(secret))).hex().encode())
        helper.stdin.close()
    Thread(target=helper.wait, daemon=True).start()  # a long-lived application leaves no dead child behind
    return True


def take(tool: Tool, environ: Mapping[str, str]) -> bytes:
    """What the clipboard holds; empty where it cannot be read."""
    try:
        done = subprocess.run(
            tool.take, env=_small(environ), capture_output=True, timeout=_CALL_SECONDS, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired):
        return b""
    return done.stdout if done.returncode == 0 else b""


def clear_if(tool: Tool, mark: bytes, environ: Mapping[str, str]) -> bool:
    """Empty the clipboard if it still holds what ``mark`` (a salt of 16 bytes and a digest) was made of."""
    if not secrets.compare_digest(_digest(mark[:16], take(tool, environ)), mark[16:]):
        return False
    return _fed(tool.empty, b"", environ)


def _to_put(tool: Tool, environ: Mapping[str, str]) -> tuple[str, ...]:
    """The command that puts a secret there, with the hint that it is one where the tool knows that."""
    if not tool.sensitive:
        return tool.put
    try:
        done = subprocess.run(
            (tool.put[0], "--help"), env=_small(environ), capture_output=True, timeout=_CALL_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return tool.put
    known = tool.sensitive.encode() in done.stdout + done.stderr
    return (*tool.put, tool.sensitive) if known else tool.put


def _fed(command: tuple[str, ...], data: bytes, environ: Mapping[str, str]) -> bool:
    try:
        done = subprocess.run(
            command,
            input=data,
            env=_small(environ),
            timeout=_CALL_SECONDS,
            stdout=subprocess.DEVNULL,  # these tools stay behind and would hold a pipe open
            stderr=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _digest(salt: bytes, data: bytes) -> bytes:
    return hashlib.sha256(salt + data).digest()


def _small(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: environ[name] for name in _KEPT if name in environ}


def _later(name: str, seconds: str) -> None:
    """The helper: wait, then clear. It knows a salted digest and never the secret."""
    import time

    mark = bytes.fromhex(sys.stdin.readline().strip())
    time.sleep(float(seconds))
    clear_if(next(tool for tool in TOOLS if tool.name == name), mark, os.environ)


if __name__ == "__main__":
    _later(*sys.argv[1:3])
