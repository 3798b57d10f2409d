"""The profile's text in the user's own editor."""

import os
import shlex
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from keybound.domain.errors import BadInputError, RefusedError
from keybound.stores.age.passphrase import COMMAND, FILE


def editor_command(environ: Mapping[str, str]) -> list[str]:
    """``VISUAL``, else ``EDITOR``, else vi, as an argument vector. Raises BadInputError where it cannot be split."""
    named = environ.get("VISUAL") or environ.get("EDITOR") or "vi"
    try:
        return shlex.split(named) or ["vi"]
    except ValueError:
        raise BadInputError(
            f"the editor's command has an unclosed quote: {named}", hint="Set EDITOR to a program."
        ) from None


def edit_outside(name: str, text: str, environ: Mapping[str, str]) -> str:
    """Return ``text`` as the user's editor left it; the terminal must be free.

    Raises BadInputError where the editor cannot be started or left no UTF-8 text (the draft is kept and named),
    RefusedError where it ended with a failure: editors do that to say "change nothing".
    """
    command = editor_command(environ)
    draft = _written(name, text)
    folder = os.path.dirname(draft)
    inherited = {variable: value for variable, value in environ.items() if variable not in (FILE, COMMAND)}
    try:
        with _interrupts_are_the_editors():
            status = subprocess.call([*command, draft], env=inherited)
        after = _read(draft)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise BadInputError(
            f"{command[0]} cannot be started: {error.strerror}", hint="Set EDITOR to a program."
        ) from None
    shutil.rmtree(folder, ignore_errors=True)
    if status != 0:
        raise RefusedError(f"{command[0]} exited with status {status}; your text is unchanged")
    return after


def _written(name: str, text: str) -> str:
    """A new draft. Raises BadInputError where there is no room for one."""
    folder = ""
    try:
        folder = tempfile.mkdtemp(prefix="keybound-draft-")
        draft = os.path.join(folder, f"{name}.toml")
        with open(draft, "w", encoding="utf-8", newline="") as file:
            file.write(text)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        hint = "Your text is unchanged. Set TMPDIR to a folder with free space."
        raise BadInputError(f"cannot write a draft: {error.strerror}", where=folder, hint=hint) from None
    return draft


def _read(draft: str) -> str:
    try:
        with open(draft, encoding="utf-8", newline="") as file:
            return file.read()
    except UnicodeDecodeError:
        raise BadInputError("the text from the editor is not UTF-8", where=draft, hint="It is kept there.") from None


@contextmanager
def _interrupts_are_the_editors() -> Iterator[None]:
    """Ctrl-C in the editor is the editor's: here it does nothing. A handler, unlike SIG_IGN, is not inherited."""
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
