"""dotenv: what bash, python-dotenv, npm's dotenv, node, Docker Compose and Keybound itself read as the same, or nothing."""

from keybound.domain.errors import BadInputError
from keybound.shells.base import Shell
from keybound.shells.checked import checked

# (what a value may not hold, who would read it as something else); docs/shells.md has them in a table
_NOWHERE = (("\r", "a carriage return, which npm's dotenv takes for a newline"),)
_IN_SINGLE = (
    ("\\\\", "two backslashes in a row, which python-dotenv takes for one"),
    ("${", "${, which python-dotenv takes for a variable"),
)
_IN_DOUBLE = (
    ('"', "both kinds of quotes"),
    ("$", "a single quote and a $, which bash takes for a variable"),
    ("`", "a single quote and a backtick, which bash takes for a command"),
    ("\\", "a single quote and a backslash, which every reader takes for something else"),
)


class Dotenv(Shell):
    """``env --shell dotenv``."""

    def assign(self, name: str, value: bytes) -> bytes:
        """``NAME='value'``; with a single quote in it ``NAME="value"``.

        Raises BadInputError for a value that one of the readers would read as something else.
        """
        try:
            text = value.decode()
        except UnicodeDecodeError:
            raise _refused(name, "what is not UTF-8, which no dotenv file can") from None
        quote, faults = ('"', _IN_DOUBLE) if "'" in text else ("'", _IN_SINGLE)
        for found, why in (*_NOWHERE, *faults):
            if found in text:
                raise _refused(name, why)
        if text.endswith("\\"):
            raise _refused(name, "a backslash at its end, which python-dotenv and Docker Compose join to the quote")
        if name.startswith("export"):
            raise BadInputError(f"{name} cannot be in a dotenv file: Docker Compose drops the word export")
        return checked(name) + f"={quote}{text}{quote}\n".encode()

    def unset(self, name: str) -> bytes:
        """A comment: a dotenv file cannot unset."""
        return b"# " + checked(name) + b" is not set\n"


def _refused(name: str, why: str) -> BadInputError:
    return BadInputError(f"{name} contains {why}", hint="Use `keybound exec`, or --shell json.")


SHELL = Dotenv()
