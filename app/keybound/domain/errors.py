"""What can go wrong, said to a person: what, where, and what to do next."""


class KeyboundError(Exception):
    """A failure the user can act on.

    ``where`` names a file, line or key; ``hint`` the next step. ``status`` is the exit status of the command line.
    """

    status = 1

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        line = f"{self.where}: {self.what}" if self.where else self.what
        return f"{line}\n  {self.hint}" if self.hint else line


class RefusedError(KeyboundError):
    """A rule withholds, or the owner declined."""

    status = 1


class BadInputError(KeyboundError):
    """Bad usage, or a file or value that cannot be used."""

    status = 2


class CannotPrintError(KeyboundError):
    """Standard output takes nothing: it is closed, or its disk is full. What was asked for may be done already."""

    status = 1


class UnavailableError(KeyboundError):
    """The store, the journal or a lock cannot be had now. Never means that a token is missing."""

    status = 3


class StoreLockedError(UnavailableError):
    """The store answers, but is locked."""


class StoreAwayError(UnavailableError):
    """The store does not answer, or is not there."""


class NotFoundError(KeyboundError):
    """No such profile, token or file."""

    status = 4
