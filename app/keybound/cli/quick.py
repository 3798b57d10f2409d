"""``exec`` and ``env`` in their plain forms, on a proof: what a release costs when nothing has changed."""

import os

from keybound.custody.asker import who
from keybound.custody.held import own_environment
from keybound.custody.paths import find_program, standing
from keybound.custody.quick import find_proof, quick_release
from keybound.custody.quick_choice import QuickChoice, quick_choice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keybound.custody.quick import Proof

_SHELLS = ("bash", "zsh")


def quick(argv: list[str]) -> int | None:
    """Run it, and return the exit status; None where the full command must decide."""
    verb, rest = argv[0], argv[1:]
    if verb == "exec" and "--" in rest:
        at = rest.index("--")
        return _exec(rest[:at], rest[at + 1 :])
    if verb == "env" and rest[-2:-1] == ["--shell"] and rest[-1] in _SHELLS:
        return _env(rest[:-2], rest[-1])
    return None


def _proof(arguments: list[str]) -> "Proof | None":
    """The proof of the profile that is named or chosen; None where it takes more to tell."""
    if len(arguments) > 1 or any(one.startswith("-") for one in arguments):
        return None
    return find_proof(os.environ, QuickChoice(arguments[0]) if arguments else quick_choice(os.environ, standing()))


def _exec(arguments: list[str], command: list[str]) -> int | None:
    proof = _proof(arguments)
    program = find_program(command[0], os.environ.get("PATH", os.defpath)) if command else ""
    if proof is None or not program:
        return None
    by = who(os.path.realpath(program), len(command) - 1)
    released = quick_release(os.environ, standing(), proof, "exec", by)
    if released is None:
        return None
    from keybound.cli.start import environment_of, start

    return start(program, command, environment_of(own_environment(os.environ), *released))


def _env(arguments: list[str], shell: str) -> int | None:
    proof = _proof(arguments)
    if proof is None:
        return None
    released = quick_release(os.environ, standing(), proof, "shell", who(f"env --shell {shell}"))
    if released is None:
        return None
    from keybound.cli.lines import put_bytes
    from keybound.custody.difference import values_of
    from keybound.shells.posix import SHELL

    put_bytes(SHELL.export({name: value for name, (_, value) in values_of(*released).items()}))
    return 0
