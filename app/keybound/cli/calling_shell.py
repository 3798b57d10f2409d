"""Which shell called, and how it takes the hook."""

import os
from collections.abc import Mapping

from keybound.custody.asker import parents

_LIKE_BASH = ("sh", "dash", "ash", "ksh", "mksh", "rbash")
_KNOWN = ("bash", "zsh", "fish", "nu", "pwsh", "elvish", "xonsh")
# where each one reads its hook from, as docs/shells.md has it
HOOK_LINES = {
    "bash": ("~/.bashrc", 'eval "$(keybound hook bash)"'),
    "zsh": ("~/.zshrc", 'eval "$(keybound hook zsh)"'),
    "fish": ("~/.config/fish/config.fish", "keybound hook fish | source"),
    "nu": ("config.nu, after keybound hook nu | save -f ~/.keybound.nu", "source ~/.keybound.nu"),
    "elvish": ("~/.config/elvish/rc.elv", "eval (keybound hook elvish | slurp)"),
    "xonsh": ("~/.xonshrc", "exec($(keybound hook xonsh))"),
    "pwsh": ("$PROFILE", "keybound hook pwsh | Out-String | Invoke-Expression"),
}


def calling_shell(environ: Mapping[str, str]) -> str:
    """The nearest shell above this process; where the system does not tell, the one in ``SHELL``; "" for none known."""
    above = [one.rpartition(":")[0] for one in parents()]
    names = above or [os.path.basename(environ.get("SHELL", ""))]
    return next((shell for name in names if (shell := _shell(name))), "")


def _shell(name: str) -> str:
    name = name.lstrip("-").removesuffix(".exe")
    if name in _LIKE_BASH:
        return "bash"
    return name if name in _KNOWN else ""
