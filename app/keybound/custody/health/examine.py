"""Run the checks side by side, each for as long as it may take, and mend what is safe to mend."""

import threading
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from keybound.custody.context.context import Context
from keybound.custody.health.finding import Finding, Mend, fail, of_fault, sentence
from keybound.custody.health.registry import CHECKS, QUICK, Check
from keybound.custody.health.versions import versions
from keybound.custody.view_models.health import Health
from keybound.domain.errors import KeyboundError, StoreAwayError, UnavailableError
from keybound.domain.registry import load
from keybound.domain.text.sanitize import clean_lines
from keybound.domain.verdict.wording import looks_secret
from keybound.stores.bounded import Deadline, within

MEND_SECONDS = 20.0
_HANGS = "A disk, a bus or a keyring that it waits for hangs: look at that, then run it again."
_REPORT = "This is a fault of Keybound: please report it, with this line."


class Found(NamedTuple):
    """A finding of the check of this name; it holds no text that looks like a secret."""

    check: str
    status: Health
    message: str
    fix: str
    mend: Mend | None


class Mended(NamedTuple):
    """What was done about a finding, or why it could not be."""

    check: str
    done: bool
    words: str

    @property
    def line(self) -> str:
        """All of it in a line."""
        return f"{self.check}: {'mended' if self.done else 'not mended'}: {self.words}"


def examine(environ: Mapping[str, str], cwd: str, checks: Sequence[Check] = CHECKS) -> list[Found]:
    """Every finding, in the order of the table. Nothing is written, asked or unlocked."""
    try:
        context = within(QUICK, lambda: Context(environ, cwd))
    except KeyboundError as fault:
        return [_found("home", of_fault(fault)), *(_found("versions", one) for one in versions(None))]
    deadline_of = [(_Run(check, context), Deadline(check.limit)) for check in checks]
    return [_found(run.check.name, one) for run, deadline in deadline_of for one in run.findings(deadline)]


def mend(found: Sequence[Found]) -> list[Mended]:
    """Do what is safe, one after the other."""
    return [_mended(one.check, one.mend) for one in found if one.mend is not None]


def worst(found: Sequence[Found]) -> Health:
    """The worst of all."""
    states = {one.status for one in found}
    return next((one for one in (Health.FAIL, Health.WARN) if one in states), Health.OK)


class _Run:
    """One check on its way: a daemon thread, so that one that hangs for ever keeps no process alive."""

    def __init__(self, check: Check, context: Context) -> None:
        self.check = check
        self._context = context.in_another_thread()
        self._findings: Sequence[Finding] | None = None
        self._thread = threading.Thread(target=self._look, daemon=True, name=f"keybound-check-{check.name}")
        self._thread.start()

    def findings(self, deadline: Deadline) -> Sequence[Finding]:
        """What it found, or that it did not answer in time."""
        self._thread.join(deadline.left())
        if self._findings is None:
            return [fail(f"gave no answer within {self.check.limit:g} s", _HANGS)]
        return self._findings

    def _look(self) -> None:
        try:
            self._findings = list(load(self.check.place, __package__)(self._context))
        except KeyboundError as fault:
            self._findings = [of_fault(fault)]
        except OSError as fault:
            what = (fault.strerror or type(fault).__name__).lower()
            self._findings = [of_fault(UnavailableError(what, where=str(fault.filename or "")))]
        except Exception as fault:  # one that is at fault itself hides no other; its message might quote a value
            self._findings = [fail(f"the check itself failed ({type(fault).__name__})", _REPORT)]
        finally:
            self._context.close()


def _found(check: str, one: Finding) -> Found:
    return Found(check, one.status, _shown(one.message), _shown(one.fix), one.mend)


def _shown(text: str) -> str:
    return " ".join("••••••" if _is_secret(word) else word for word in clean_lines(text).split(" "))


def _is_secret(word: str) -> bool:
    """A path is none, whatever it is called."""
    return looks_secret("", word) and not word.startswith(("/", "~"))


def _mended(check: str, call: Mend) -> Mended:
    try:
        return Mended(check, True, _shown(within(MEND_SECONDS, call)))
    except StoreAwayError as fault:
        return Mended(check, False, _shown(fault.what))
    except KeyboundError as fault:
        return Mended(check, False, _shown(sentence(fault)))
    except OSError as fault:
        return Mended(check, False, _shown(f"{fault.filename or ''}: {fault.strerror}".removeprefix(": ")))
