"""The command line: find the verb, import only what it needs, turn errors into one line and an exit status."""

from keybound.cli.client import client
from keybound.cli.console.output import complain, drop, flush, hold_descriptors, put
from keybound.cli.registry import APPLICATION, PACKAGE, VERBS
from keybound.domain.errors import BadInputError, CannotPrintError, KeyboundError, UnavailableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


# what hooks, shims, completion scripts and processes of our own call, not for people
_CALLS = {
    "hook-step": ".shells.hook_step:step",
    "shim-run": ".use.shim:shim_run",
    "alerts-deliver": ".maintain.alerts:deliver_waiting",
    "complete": ".shells.completion:complete",
}


def main(argv: "Sequence[str]") -> int:
    """Run one command; return its exit status."""
    return _told(_dispatch, argv)


def run_here(argv: "Sequence[str]") -> int:
    """Run a release in full, in this process; return its exit status."""
    return _told(run_verb, argv)


def run_step(argv: "Sequence[str]") -> None:
    """Answer a step of a hook, and end the process."""
    import gc
    import os

    gc.disable()  # it is over before a collection could pay
    status = run_here(argv)
    client.start_if_missed()
    os._exit(status)  # all is written and closed; taking the interpreter apart would be a tenth of the prompt's wait


def _told(run: "Callable[[list[str]], int]", argv: "Sequence[str]") -> int:
    hold_descriptors()
    try:
        status = run(list(argv))
        flush()
        return status
    except KeyboundError as error:
        if isinstance(error, CannotPrintError):
            drop()
        complain(_said(error, argv))
        return error.status
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        drop()
        return 1
    except OSError as fault:
        if not fault.filename:
            raise
        refused = UnavailableError(f"the system refuses: {fault.strerror}", where=str(fault.filename))
        complain(_said(refused, argv))
        return refused.status


def _said(error: KeyboundError, argv: "Sequence[str]") -> str:
    """What is said of an error; an argument that looks like a secret is not printed back."""
    from keybound.domain.text.sanitize import clean, clean_lines
    from keybound.domain.verdict.wording import looks_secret

    text = clean_lines(str(error).replace(error.where, clean(error.where), 1))
    for word in argv:
        text = text.replace(word, "••••••") if word and looks_secret("", word) else text
    return text


def _dispatch(argv: list[str]) -> int:
    if not argv or argv[0].partition("=")[0] in APPLICATION:
        from keybound.cli.verbs.start.application import run

        return run(argv)
    verb = argv[0]
    if verb in ("--version", "-V"):
        from keybound import __version__

        put(f"keybound {__version__}\n")
        return 0
    if verb in ("--help", "-h", "help"):
        from keybound.cli.console.usage import usage

        put(usage())
        return 0
    if verb not in VERBS and verb not in _CALLS:
        raise BadInputError(f"unknown command {verb!r}", hint="See: keybound --help")
    return _release(argv) if verb in client.VERBS else run_verb(argv)


def _release(argv: list[str]) -> int:
    """By the agent, or else here. For all but helpers it was asked before this was loaded."""
    if argv[0] in client.HELPERS and client.wanted(argv, client.here()):
        from keybound.cli.client.given import put_back, taken

        given = taken()
        if (answer := client.ask(argv, given)) is not None:
            return client.deliver(answer)
        if given:
            put_back(given)
    status = run_verb(argv)
    client.start_if_missed()
    return status


def run_verb(argv: "Sequence[str]") -> int:
    """Run a command that is known, here."""
    from keybound.domain.registry import load

    verb = argv[0]
    run: Callable[[list[str]], int] = load(_CALLS[verb] if verb in _CALLS else VERBS[verb].place, PACKAGE)
    return run(list(argv[1:]))
