"""In and out: secrets from a hidden prompt or standard input, questions to the terminal, JSON to programs."""

import os
import sys
from collections.abc import Callable, Sequence

from keybound.cli.console.output import put, warn
from keybound.custody.context.caller import needs_the_caller
from keybound.custody.context.context import Context
from keybound.custody.context.paths import current_dir
from keybound.domain.errors import BadInputError, RefusedError, StoreAwayError
from keybound.domain.text.line_end import without_line_end
from keybound.domain.text.sanitize import clean_lines
from keybound.domain.text.secret import Secret


def own_context() -> Context:
    """The context of this process: its environment, its folder. Raises BadInputError where config.toml is broken."""
    context = Context(os.environ, current_dir())
    if os.path.lexists(context.home.settings):
        from keybound.custody.context.config import read_config

        read_config(context.home)
    return context


def put_json(value: object) -> None:
    """Print JSON for a program."""
    import json

    put(json.dumps(value, indent=2, ensure_ascii=True) + "\n")


def at_terminal() -> bool:
    """Whether a terminal is both read and written."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


def require_screen(what: str, hint: str = "See: keybound --help") -> None:
    """Raise BadInputError where ``what`` cannot be painted: no terminal, or one that can only print."""
    if not at_terminal():
        raise BadInputError(f"{what} needs a terminal", hint=hint)
    if os.environ.get("TERM", "") in ("", "dumb", "unknown"):
        term = os.environ.get("TERM", "")
        why = f"TERM={term}" if term else "TERM is not set"
        raise BadInputError(f"{what} cannot run on this terminal ({why})", hint=hint)


def has_terminal() -> bool:
    """Whether there is a controlling terminal to ask at."""
    needs_the_caller()
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True


def ask_secret(question: str) -> Secret:
    """Ask at the controlling terminal, without echo."""
    import getpass

    try:
        return Secret(getpass.getpass(f"{question}: "))
    except EOFError:
        raise RefusedError("nothing was entered; nothing was changed") from None


def passphrase_prompt() -> Callable[[str], Secret] | None:
    """How to ask for a passphrase, or None without a terminal."""
    return ask_secret if has_terminal() else None


def read_secret(what: str) -> Secret:
    """The secret from a hidden prompt, or from standard input without the line end of a single line."""
    if sys.stdin is not None and sys.stdin.isatty():
        return ask_secret(what)
    data = read_input()
    return Secret(without_line_end(data))


def read_input() -> bytes:
    """All of standard input; nothing where it is closed."""
    return sys.stdin.buffer.read() if sys.stdin is not None else b""


def confirm(question: str, *, yes: bool) -> None:
    """Ask at the terminal; raise RefusedError where the answer is no, or there is no terminal and no --yes."""
    if yes:
        return
    if not has_terminal():
        raise RefusedError(
            "this needs confirmation, and there is no terminal", hint="Nothing was changed. To confirm, add --yes."
        )
    if answer(f"{question} [y/N] ") not in ("y", "yes"):
        raise RefusedError("cancelled: nothing was changed")


def agree(question: str) -> bool:
    """Ask at the terminal where yes is the expected answer: Enter means it."""
    return answer(f"{question} [Y/n] ") in ("", "y", "yes")


def answer(question: str) -> str:
    """What is typed at the controlling terminal, in small letters; "no" where it ends."""
    with open("/dev/tty", "r+b", buffering=0) as terminal:
        terminal.write(clean_lines(question).encode())
        line = terminal.readline()
    return line.decode(errors="replace").strip().lower() if line else "no"  # the end of the terminal is no Enter


def confirm_harm(harm: Sequence[str], question: str, *, yes: bool) -> None:
    """Say what would happen, and ask, where something would. Raises RefusedError."""
    for line in harm:
        warn(line)
    if harm:
        confirm(question, yes=yes)


def ensure_store(context: Context) -> str:
    """The store in use; where none was chosen yet, choose one that is proved to work.

    Raises StoreAwayError where there is no keyring and nobody to ask for a passphrase.
    """
    from keybound.custody.application.first_store import FILES, KEYRING, record_store, store_choice, use_store

    if kind := record_store(context):
        return kind
    choice = store_choice(context)
    if not choice.fixed and choice.locked:
        context.choose_store(KEYRING)  # it is opened when it is needed
        return KEYRING
    if not choice.fixed and choice.keyring:
        if not has_terminal():
            raise StoreAwayError(
                "no keyring is available, and there is no terminal to ask for a passphrase",
                hint="Use the encrypted file store: set KEYBOUND_STORE=file and KEYBOUND_PASSWORD_FILE.",
            )
        _agree_to_files(os.path.join(context.home.data, "store"))
    if not choice.fixed and not choice.keyring:
        use_store(context, KEYRING, Secret(""))
        return KEYRING
    if choice.exists:
        context.choose_store(FILES)  # likewise
    else:
        use_store(context, FILES, Secret("") if choice.given else new_passphrase())
    return FILES


def _agree_to_files(folder: str) -> None:
    """The safe and expected answer is yes, so Enter is. Raises RefusedError."""
    asked = (
        f"No keyring is available, so secrets will be kept in files encrypted (age) with a passphrase,\nin {folder}."
    )
    if not agree(f"{asked}\nContinue?"):
        raise RefusedError(
            "cancelled: nothing was changed", hint="To use a keyring, start one, then run: keybound init"
        )


def new_passphrase() -> Secret:
    """A passphrase for a new file store, asked twice. Raises StoreAwayError where there is nobody to ask."""
    if not has_terminal():
        raise StoreAwayError(
            "the file store needs a passphrase, and there is no terminal to ask for it",
            hint="Set KEYBOUND_PASSWORD_FILE or KEYBOUND_PASSWORD_COMMAND.",
        )
    return asked_twice("New passphrase for the file store")


def asked_twice(question: str) -> Secret:
    """A new passphrase, asked for until it is given twice."""
    while True:
        first = ask_secret(question)
        if not len(first):
            warn("an empty passphrase protects nothing; try again, or press Ctrl-C")
        elif first == ask_secret("Repeat the passphrase"):
            return first
        else:
            warn("the passphrases do not match; try again, or press Ctrl-C")
