"""The table of all shells, in the order in which people are told of them."""

from keybound.domain.errors import BadInputError
from keybound.domain.registry import load
from keybound.shells.base import HookedShell, Shell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class Row:
    """Where a shell stands, whether it has a hook and completion, and the programs that are taken for it."""

    __slots__ = ("called", "completion", "hook", "place")

    def __init__(
        self, place: str, *, hook: bool = False, completion: bool = False, called: "Sequence[str]" = ()
    ) -> None:
        self.place, self.hook, self.completion, self.called = place, hook, completion, called


_LIKE_BASH = ("sh", "dash", "ash", "ksh", "mksh", "rbash")
SHELLS = {
    "bash": Row(".bash:SHELL", hook=True, completion=True, called=_LIKE_BASH),
    "zsh": Row(".zsh:SHELL", hook=True, completion=True),
    "fish": Row(".fish:SHELL", hook=True, completion=True),
    "nu": Row(".nu:SHELL", hook=True),
    "pwsh": Row(".pwsh:SHELL", hook=True),
    "elvish": Row(".elvish:SHELL", hook=True),
    "xonsh": Row(".xonsh:SHELL", hook=True),
    "json": Row(".json:SHELL"),
    "dotenv": Row(".dotenv:SHELL"),
}


def hooked() -> list[str]:
    """The shells that have a hook."""
    return [name for name, row in SHELLS.items() if row.hook]


def completed() -> list[str]:
    """The shells that have completion."""
    return [name for name, row in SHELLS.items() if row.completion]


def shell_called(program: str) -> str:
    """The hooked shell that a program of this name is; "" for none."""
    return next((name for name, row in SHELLS.items() if row.hook and program in (name, *row.called)), "")


def get_shell(name: str) -> Shell:
    """The form of this name. Raises BadInputError for one that is not known."""
    if name not in SHELLS:
        raise BadInputError(f"{name!r} is not a known shell", hint=f"Known: {', '.join(SHELLS)}.")
    shell: Shell = load(SHELLS[name].place, __package__)
    return shell


def get_hook(name: str) -> HookedShell:
    """The shell of this name, with its hook. Raises BadInputError for one that has none."""
    if name not in hooked():
        raise BadInputError(f"{name!r} has no hook", hint=f"Known: {', '.join(hooked())}.")
    shell: HookedShell = load(SHELLS[name].place, __package__)
    return shell
