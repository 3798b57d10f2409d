"""A transcript: command lines as typed, and what each of them printed.

A line that begins with ``$ `` is a command; lines with ``> `` go on with it. What it prints follows: standard output after
``| ``, standard error after ``! ``, an exit status other than 0 as ``[4]``. All else is for the reader.

``keybound`` runs in this home (see ``replay``), with variables before it and ``printf TEXT |`` for its standard input;
``> /dev/null`` at its end drops what is not for people. ``later 30d`` moves its clock on, ``earlier 30d`` back. Any
other command is the shell's, and prepares.
"""

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

from keybound.domain.values.durations import seconds
from support.replay import Printed, Replay

DAY = 86400
_WAYS = {"later": 1, "earlier": -1}
_DROPPED = " > /dev/null"


class Transcript:
    """Plays commands in one home. ``masks``: what differs from run to run, and what stands for it."""

    def __init__(self, replay: Replay, environ: dict[str, str], masks: dict[str, str]) -> None:
        self._replay, self._environ, self._masks = replay, environ, masks
        self._days = 0.0
        self._home = Path(environ["HOME"])

    def play(self, text: str) -> str:
        """The transcript as it would be written now."""
        return "\n".join(self._lines(text.splitlines())) + "\n"

    def _lines(self, lines: list[str]) -> Iterator[str]:
        for at, line in enumerate(lines):
            if line.startswith("$ "):
                more = _more(lines[at + 1 :])
                yield from [line, *(f"> {one}" for one in more)]
                yield from self._printed("\n".join([line[2:], *more]))
            elif not line.startswith((">", "|", "!", "[")):
                yield line

    def _printed(self, command: str) -> Iterator[str]:
        done = self._run(command)
        yield from (f"| {one}".rstrip() for one in self._masked(done.out).splitlines())
        yield from (f"! {one}".rstrip() for one in self._masked(done.err).splitlines())
        if done.status:
            yield f"[{done.status}]"

    def _run(self, command: str) -> Printed:
        way, _, span = command.partition(" ")
        if way in _WAYS:
            self._days += _WAYS[way] * seconds(span) / DAY
            return Printed("", "", 0)
        given, pipe, after = command.partition(" | ")
        words = shlex.split((after if pipe else command).removesuffix(_DROPPED))
        more = dict(word.split("=", 1) for word in _settings(words))
        if words[len(more)] != "keybound":
            return self._prepare(command)
        typed = shlex.split(given)[1].encode().decode("unicode_escape").encode() if pipe else b""
        done = self._replay.run(words[len(more) + 1 :], {**self._environ, **more}, self._home, typed, self._days)
        return done._replace(out="") if command.endswith(_DROPPED) else done

    def _prepare(self, command: str) -> Printed:
        done = subprocess.run(
            ["sh", "-c", command], env=self._environ, cwd=self._home, check=False, capture_output=True, text=True
        )
        return Printed(done.stdout, done.stderr, done.returncode)

    def _masked(self, text: str) -> str:
        for pattern, mask in self._masks.items():
            text = re.sub(pattern, mask, text)
        return text


def _more(lines: list[str]) -> list[str]:
    found = []
    for line in lines:
        if not line.startswith(">"):
            break
        found.append(line[2:])
    return found


def _settings(words: list[str]) -> Iterator[str]:
    for word in words:
        if not re.match(r"[A-Z_]+=", word):
            return
        yield word
