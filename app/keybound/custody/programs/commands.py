"""Run an approved command: an argument vector, in its own folder, with a small environment and a limit of time."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

from keybound.custody.programs.programs import PATH, program_fault
from keybound.domain.errors import RefusedError
from keybound.domain.profile.definition import Command
from keybound.domain.text.line_end import without_line_end
from keybound.domain.text.secret import Secret, expose_secret

MOST = 65_536  # bytes of output
_KEPT = ("HOME", "USER", "LOGNAME", "LANG", "LC_ALL")
_KILL_SECONDS = 2.0


def missing_input(command: Command, environ: Mapping[str, str]) -> str:
    """The first variable that the command asks for and that is not set; "" where it has all."""
    return next((name for name in command.inputs if name not in environ), "")


def run_command(
    name: str,
    command: Command,
    noted: Mapping[str, Sequence[str]],
    environ: Mapping[str, str],
    given: Secret | None = None,
) -> Secret:
    """Return what the command prints, less one newline at its end. ``given`` is its standard input.

    Raises RefusedError where it is not the approved program, fails, takes longer than its limit or prints too much.
    """
    if fault := program_fault(name, command, noted):
        raise RefusedError(
            f"the {name} command was not run: {fault}", hint="Check the program, then approve the token again."
        )
    argv = [noted[name][0], *command.argv[1:]]
    path = noted.get(PATH, [os.defpath])[0]
    small = {one: environ[one] for one in (*_KEPT, *command.inputs) if one in environ} | {"PATH": path}
    try:
        child = subprocess.Popen(
            argv,
            cwd=command.folder or "/",
            env=small,
            stdin=subprocess.PIPE if given is not None else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # it may hold what nobody should read
            start_new_session=True,
        )
    except (OSError, ValueError) as fault_:
        raise RefusedError(
            f"the {name} command cannot be started: {fault_.__class__.__name__}", where=argv[0]
        ) from None
    try:
        return _output(name, command, child, given)
    finally:
        _end(child)


def _output(name: str, command: Command, child: "subprocess.Popen[bytes]", given: Secret | None) -> Secret:
    until = time.monotonic() + command.timeout
    if given is not None and child.stdin is not None:
        with suppress(BrokenPipeError):
            child.stdin.write(expose_secret(given))
            child.stdin.close()
    data = _read(child, until)
    if data is None:
        raise RefusedError(f"the {name} command did not finish within {command.timeout} s", where=command.argv[0])
    if len(data) > MOST:
        raise RefusedError(f"the {name} command printed more than 64 KiB", where=command.argv[0])
    try:
        status = child.wait(max(until - time.monotonic(), 0.1))
    except subprocess.TimeoutExpired:
        raise RefusedError(
            f"the {name} command did not finish within {command.timeout} s", where=command.argv[0]
        ) from None
    if status != 0:
        raise RefusedError(f"the {name} command failed with status {status}", where=command.argv[0])
    return Secret(without_line_end(data))


def _read(child: "subprocess.Popen[bytes]", until: float) -> bytes | None:
    """Its output, one byte more than is allowed at most; None where time ran out."""
    import selectors

    if child.stdout is None:
        return b""
    parts: list[bytes] = []
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        while sum(map(len, parts)) <= MOST:
            if not selector.select(max(until - time.monotonic(), 0)):
                return None
            part = os.read(child.stdout.fileno(), MOST)
            if not part:
                break
            parts.append(part)
    return b"".join(parts)


def _end(child: "subprocess.Popen[bytes]") -> None:
    """Nothing of it is left running."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    if child.stdout is not None:
        child.stdout.close()
    if child.stdin is not None:
        with suppress(BrokenPipeError):
            child.stdin.close()
    with suppress(subprocess.TimeoutExpired):
        child.wait(_KILL_SECONDS)


def one_secret(name: str, command: Command, output: Secret) -> Secret:
    """The output as one secret. Raises RefusedError where it is empty or holds control characters that are not declared."""
    allowed = b"\n\r\t" if command.multiline else b""
    if not len(output):
        raise RefusedError(f"the {name} command printed nothing", where=command.argv[0])
    if any((byte < 0x20 or byte == 0x7F) and byte not in allowed for byte in expose_secret(output)):
        hint = "To allow newlines and tabs, set multiline = true beside the command."
        raise RefusedError(f"the {name} command printed control characters", where=command.argv[0], hint=hint)
    return output
