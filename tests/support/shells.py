"""A real shell on a pty with the prompt hook loaded."""

import pexpect

SHELLS = {
    "bash": ["bash", "--norc", "--noprofile", "-i"],
    "zsh": ["zsh", "-f", "-i"],
    "fish": ["fish", "--no-config", "-i"],
}
LOAD = {shell: f'eval "$(keybound hook {shell})"' for shell in ("bash", "zsh")} | {
    "fish": "keybound hook fish | source"
}


class Terminal:
    """A real shell on a pty with the hook loaded."""

    def __init__(self, shell: str, environ: dict[str, str]) -> None:
        self.shell = shell
        self.child = pexpect.spawn(
            SHELLS[shell][0], SHELLS[shell][1:], env=environ, timeout=30, dimensions=(40, 400), encoding="utf-8"
        )
        self.number = 0
        self.do(LOAD[shell])
        self.do("true")

    def do(self, line: str) -> str:
        """Run a line; return what it printed up to a mark that is typed in two halves."""
        self.number += 1
        self.child.sendline(f"{line}; echo MA''RK{self.number}")
        self.child.expect(rf"MARK{self.number}\r")
        return str(self.child.before)

    def variable(self, name: str) -> str:
        """What a child of the shell sees."""
        return self.do(f'sh -c \'printf "<%s>" "${{{name}-unset}}"\'').rpartition("<")[2].partition(">")[0]

    def close(self) -> None:
        self.child.close(force=True)
