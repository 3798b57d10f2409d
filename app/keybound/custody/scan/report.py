"""What a scan reports. No value is kept here."""

from typing import NamedTuple

from keybound.catalogue.recognise import Fault, Sure


class Finding(NamedTuple):
    """A secret in clear.

    ``mode``: permission bits of the file, None for what is no file; ``tracked``: whether git tracks it, None outside a
    repository; ``ignored``: by git; ``commit``: the first that has it, for what is in the history only.
    """

    provider: str
    kind: str
    path: str
    line: int
    sure: Sure
    mode: int | None
    fingerprint: str
    label: str = ""
    fault: Fault | None = None
    tracked: bool | None = None
    ignored: bool = False
    commit: str | None = None


class Report:
    """What was found, and what was not looked at.

    ``mistyped``: what has the form of a token but not its checksum; ``unread``: lines, a place and why each.
    """

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.mistyped: list[Finding] = []
        self.unread: list[str] = []
        self.files = 0
        self.size = 0
        self.binary = 0
        self.large = 0
        self.allowed = 0
        self.interrupted = False
