"""Whether what the environment offers as the file store's passphrase can be had; it is not read."""

import os
import shlex
import stat
from collections.abc import Iterator, Mapping

from keybound.custody.context.context import Context
from keybound.custody.context.paths import find_program
from keybound.custody.health.finding import Finding, fail, ok, warn
from keybound.custody.health.stores.store_in_use import kind_in_use
from keybound.stores.age.passphrase import COMMAND, FILE, is_offered
from keybound.stores.choice import store_kind


def passphrase(context: Context) -> list[Finding]:
    """Of a file: that it is there and private; of a command: that there is such a program."""
    if not store_kind(kind_in_use(context)).typed:
        return [ok("not needed: the store in use is no file store")]
    if not is_offered(context.environ):
        return [ok("the environment offers none: the file store is opened by keybound unlock")]
    path = context.environ.get(FILE, "")
    faults = [*_file(os.path.expanduser(path))] if path else [*_command(context.environ)]
    return faults or [ok(f"offered by {FILE if path else COMMAND}")]


def _file(path: str) -> Iterator[Finding]:
    try:
        found = os.stat(path)
    except OSError as fault:
        yield fail(
            f"{FILE}={path}: {(fault.strerror or 'it cannot be read').lower()}", f"Put it there, or unset {FILE}."
        )
        return
    if not os.access(path, os.R_OK):
        yield fail(f"{FILE}={path}: permission denied", f"Run: chmod u+r {path}")
    elif stat.S_ISREG(found.st_mode) and found.st_mode & 0o044:
        yield warn(f"{path}, which holds the passphrase, can be read by others", f"Run: chmod go-rwx {path}")


def _command(environ: Mapping[str, str]) -> Iterator[Finding]:
    try:
        program = shlex.split(environ.get(COMMAND, ""))[:1]
    except ValueError:
        yield fail(f"{COMMAND} has an unclosed quotation mark", f"Correct {COMMAND}.")
        return
    if program and not find_program(program[0], environ.get("PATH", os.defpath)):
        yield fail(f"{COMMAND}: no such program: {program[0]}", f"Install it, or correct {COMMAND}.")
