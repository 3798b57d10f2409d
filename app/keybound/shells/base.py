"""What a shell is to Keybound. The steps of hooks load this, so it loads nothing."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from keybound.shells.step import EnvUpdate


class Shell:
    """One form of export. Values are bytes without NUL; they come out byte for byte, or BadInputError is raised."""

    def assign(self, name: str, value: bytes) -> bytes:
        """A line that sets and exports ``name``."""
        raise NotImplementedError

    def unset(self, name: str) -> bytes:
        """A line that unsets ``name``."""
        raise NotImplementedError

    def export(self, values: "Mapping[str, bytes]") -> bytes:
        """Everything that ``env`` prints: a line a variable."""
        return b"".join(self.assign(name, value) for name, value in values.items())


class HookedShell(Shell):
    """A shell that has a prompt hook.

    ``rc_line`` loads it, and stands in ``rc_file``. ``text_only``: the shell cannot hold what is not UTF-8.
    ``completion``: a script, in which ``@CALL@`` stands for Keybound; "" where there is none.
    """

    rc_file = ""
    rc_line = ""
    text_only = False
    completion = ""

    def hook(self, python: str, home: "Mapping[str, str]", state: str) -> str:
        """The script that the shell evaluates once. ``home``: variables that name the home."""
        raise NotImplementedError

    def render(self, answer: "EnvUpdate") -> bytes:
        """What it evaluates, or reads, after a step."""
        raise NotImplementedError
