"""PowerShell: single quotes, in which every character that PowerShell takes for one is doubled."""

from keybound.domain.errors import BadInput
from keybound.shells.checked import checked
from keybound.shells.line_form import LineForm

_QUOTES = "'\u2018\u2019\u201a\u201b"  # PowerShell's tokenizer reads all of these as a single quote


class Pwsh(LineForm):
    """Export lines for PowerShell: ``keybound env --shell pwsh | Out-String | Invoke-Expression``."""

    def assign(self, name: str, value: bytes) -> bytes:
        """``$env:NAME = 'value'``. Raises BadInput for a value that is not UTF-8: PowerShell's strings are text."""
        try:
            text = value.decode()
        except UnicodeDecodeError:
            raise BadInput(f"{name} is not UTF-8, so PowerShell cannot hold it") from None
        quoted = "".join(char * 2 if char in _QUOTES else char for char in text)
        return b"$env:" + checked(name) + f" = '{quoted}'\n".encode()

    def unset(self, name: str) -> bytes:
        """``Remove-Item Env:NAME``; one that is not there is no error."""
        return b"Remove-Item Env:" + checked(name) + b" -ErrorAction SilentlyContinue\n"


SHELL = Pwsh()
