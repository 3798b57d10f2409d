"""Ask the agent; whatever is in doubt goes the direct way.

This file is run by an isolated interpreter without site-packages, on top of nothing but what is built into it: starting
Python is most of what a prompt's step or an ``exec`` costs. So it imports no module of Keybound's before it goes the
direct way, and its path is all that hooks and shims know.
"""

import posix
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _socket import socket
    from collections.abc import Sequence
    from signal import SIG_DFL, SIGINT, SIGPIPE, SIGXFSZ, default_int_handler, getsignal, signal

    Environ = dict[bytes, bytes]
else:
    from _signal import SIG_DFL, SIGINT, SIGPIPE, SIGXFSZ, default_int_handler, getsignal, signal

PATIENCE = 0.2  # seconds until the direct way is taken
MOST = 64 * 1024 * 1024  # bytes of an answer
MOST_ASKED = 1024 * 1024  # bytes of a request
ENDED, BECOMES = b"0", b"1"  # kinds of answer: printed, with an exit status; or a command to become
HELPERS = ("git-credential", "docker-credential", "aws-credential", "kube-credential")
VERBS = ("exec", "env", "hook-step", "shim-run", *HELPERS)
_FOREIGN = (b"PYTHONUTF8", b"PYTHONIOENCODING")  # they change what the direct way would print
_UNSET = (b"", b"0", b"false")
_BROKEN_PIPE = 32  # EPIPE

_met = False  # whether an agent was there, whatever it answered
_asked = False


def socket_path(environ: "Environ") -> bytes:
    """Where the agent of the home listens that this environment means; empty where there can be none.

    The folder is named after the state folder's device and inode: one home, however its path is spelled.
    """
    base, home = environ.get(b"XDG_STATE_HOME", b""), environ.get(b"HOME", b"")
    if base[:1] != b"/":
        base = home + b"/.local/state"
    if base[:1] != b"/":
        return b""
    try:
        found = posix.stat(base + b"/keybound")
    except OSError:
        return b""
    runtime = environ.get(b"XDG_RUNTIME_DIR", b"")
    folder = runtime + b"/keybound" if runtime[:1] == b"/" else base + b"/keybound/agent"
    return folder + b"/%x-%x/agent" % (found.st_dev, found.st_ino)


def here() -> "Environ":
    """The environment that this process was started with."""
    return posix.environ


def wanted(words: "Sequence[str]", environ: "Environ") -> bool:
    """Whether an agent may be asked at all."""
    if not words or words[0] not in VERBS or environ.get(b"KEYBOUND_AGENT") == b"off":
        return False
    return environ.get(b"CI", b"") in _UNSET and not any(name in environ for name in _FOREIGN)


def frame(parts: "Sequence[bytes]") -> bytes:
    """Texts as one text: each after its length in four bytes, all after theirs."""
    body = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return len(body).to_bytes(4, "big") + body


def parts_of(body: bytes) -> "list[bytes]":
    """The texts of a frame without its own length. Raises ValueError where it is none."""
    found, at = [], 0
    while at < len(body):
        end = at + 4 + int.from_bytes(body[at : at + 4], "big")
        if at + 4 > len(body) or end > len(body):
            raise ValueError("not a frame")
        found.append(body[at + 4 : end])
        at = end
    return found


def code() -> bytes:
    """What tells the code that asks from any other: its folder and the interpreter's version."""
    return b"%x " % sys.hexversion + __file__.encode("utf-8", "surrogateescape")


def ask(words: "Sequence[str]", given: bytes = b"") -> "list[bytes] | None":
    """The agent's answer; None: go the direct way. ``given``: what stood on standard input."""
    global _asked
    environ = here()
    path = socket_path(environ) if wanted(words, environ) and not _asked else b""
    if not path:
        return None
    _asked = True  # once: whoever got no answer goes the direct way to its end
    request = frame([code(), given, *(word.encode("utf-8", "surrogateescape") for word in words)])
    if len(request) > MOST_ASKED:
        return None
    try:
        answer = _answered(path, request, time.monotonic() + PATIENCE)
    except (OSError, ValueError):
        return None
    return answer if answer[:1] in ([ENDED], [BECOMES]) else None


def start_if_missed() -> None:
    """Start an agent for the next release, where one was asked and none was there."""
    if _asked and not _met:
        from keybound.cli.client.starting import start_for_next_time

        start_for_next_time()


def connected(path: bytes) -> "tuple[socket, int]":
    """A connection to the agent, and its process id. Raises OSError where none listens, or another user's process does."""
    import _socket

    folder, _, name = path.rpartition(b"/")
    descriptor = posix.open(folder, posix.O_RDONLY | posix.O_DIRECTORY | posix.O_CLOEXEC)
    connection = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM | _socket.SOCK_CLOEXEC)
    try:
        connection.settimeout(PATIENCE)
        connection.connect(b"/proc/self/fd/%d/" % descriptor + name)  # a socket's path may have 107 bytes only
        peer = connection.getsockopt(_socket.SOL_SOCKET, _socket.SO_PEERCRED, 12)
        if int.from_bytes(peer[4:8], sys.byteorder) != posix.geteuid():
            raise PermissionError
    except OSError:
        connection.close()
        raise
    finally:
        posix.close(descriptor)
    return connection, int.from_bytes(peer[:4], sys.byteorder)


def _answered(path: bytes, request: bytes, until: float) -> "list[bytes]":
    global _met
    connection, _ = connected(path)
    try:
        _met = True
        connection.sendall(request)
        size = int.from_bytes(exactly(connection, 4, until), "big")
        if size > MOST:
            raise ValueError("too long")
        return parts_of(exactly(connection, size, until))
    finally:
        connection.close()


def exactly(connection: "socket", size: int, until: float) -> bytes:
    """So many bytes, before that moment of the monotonic clock. Raises ValueError or OSError."""
    pieces = []
    while size:
        connection.settimeout(max(until - time.monotonic(), 0.001))
        piece = connection.recv(min(size, 1 << 18))
        if not piece:
            raise ValueError("cut short")
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def deliver(answer: "Sequence[bytes]") -> int:
    """Print what the agent would have printed and become the command, or return the exit status."""
    kind, status, out, err, *rest = answer
    _write(2, err)
    if kind == ENDED:
        fault = _write(1, out)
        return int(status) if fault is None else _not_printed(fault)
    count = int(rest[1])
    command, environment = rest[2 : 2 + count], rest[2 + count :]
    for ignored_by_python in (SIGPIPE, SIGXFSZ):
        signal(ignored_by_python, SIG_DFL)
    try:
        posix.execve(rest[0], command, dict(entry.split(b"=", 1) for entry in environment))
    except OSError as fault:
        return not_started(command[0], fault)


def not_started(program: bytes, fault: OSError) -> int:
    """Say why the command was not started, as the direct way does; return the exit status for that."""
    direct_way()
    from keybound.cli.process.start import not_started as say

    return say(program.decode("utf-8", "replace"), fault)


def _not_printed(fault: OSError) -> int:
    """Say why nothing could be printed, as the direct way does; return the exit status for that."""
    if fault.errno != _BROKEN_PIPE:
        direct_way()
        from keybound.cli.console.output import cannot_print, complain

        complain(str(cannot_print(fault)))
    return 1


def _write(number: int, data: bytes) -> OSError | None:
    """Write it all, and return None; or why it cannot be written."""
    try:
        while data:
            data = data[posix.write(number, data) :]
    except OSError as fault:
        return fault
    return None


def direct_way() -> None:
    """Make Keybound's modules importable: an interpreter that was started without site-packages has none of them."""
    if "site" not in sys.modules:
        import site

        site.main()
        sys.modules["keybound.cli.client.client"] = sys.modules[__name__]  # one of it, under either name


def ask_first(words: "Sequence[str]") -> None:
    """Where the agent answers, hand its answer over and end the process. Helpers read their input first."""
    if not words or words[0] not in VERBS or words[0] in HELPERS:
        return
    raises = getsignal(SIGINT) is default_int_handler
    if raises:
        signal(SIGINT, SIG_DFL)  # Ctrl-C ends it at once, without a word
    if (answer := ask(words)) is not None:
        posix._exit(deliver(answer))  # taking the interpreter apart would be a tenth of the wait
    if raises and words[0] != "hook-step":
        signal(SIGINT, default_int_handler)


def main() -> None:
    """The command line of hooks and shims; end the process."""
    del sys.path[0]  # this file's folder, which was needed to find it
    words = sys.argv[1:]
    ask_first(words)
    direct_way()
    if words[:1] == ["hook-step"]:
        from keybound.cli.main import run_step

        run_step(words)
    from keybound.cli.main import main as command_line

    sys.exit(command_line(words))
