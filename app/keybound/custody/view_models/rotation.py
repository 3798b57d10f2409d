"""What the application sees of a token's next secret, and of the end of its last one: plain values, none holds a secret."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol


class RotationView(NamedTuple):
    """How a token gets its next secret and how its last one is ended, in words.

    ``automatic``: it gets one without its owner, and ``by_itself`` before it ends; ``oauth``: by a login, which ``logged_in``
    says there is. ``refresh_fault``: why the last try failed. ``to_revoke``: secrets that are still to be revoked, from
    ``revoke_at`` on (epoch seconds); ``revoke_fault``: why that failed last. ``revocable``: something approved says how its
    present secret is revoked; ``revoke_now``: how, if its owner asks now. ``due``: something of this is to be done now.
    """

    refresh: str = "by hand"
    revoke: str = "by hand"
    automatic: bool = False
    oauth: bool = False
    logged_in: bool = False
    refresh_fault: str = ""
    to_revoke: int = 0
    revoke_at: float | None = None
    revoke_fault: str = ""
    revocable: bool = False
    due: bool = False
    by_itself: bool = False
    revoke_now: str = "by hand"


class LoginView(NamedTuple):
    """A login that has begun: the code that its owner enters on a page, and how often to ask for the answer, in seconds."""

    page: str
    page_with_code: str
    code: str
    interval: int
    expires_in: int


class LoginAnswer(NamedTuple):
    """What the server says by now. ``done``: a line for a toast, "" while its owner has not agreed; ``pause``: seconds."""

    done: str
    pause: int


class RotationService(Protocol):
    """What the application may ask of rotation. Every call blocks: run it in a worker. Raises KeyboundError."""

    def renew(self, token: str) -> str:
        """Get a new secret as the definition says; a line that says what happened."""

    def revoke(self, token: str) -> str:
        """Expire the token, and revoke its secret; a line for each try."""

    def begin_login(self, token: str) -> LoginView:
        """Ask its server for a code."""

    def ask_login(self) -> LoginAnswer:
        """Ask once whether the owner has agreed, and store what is given then."""

    def probe(self, token: str) -> str:
        """Ask the provider about the token; a line that says what was heard."""

    def page(self, token: str) -> str:
        """Where such a token is made; "" where that is not known."""

    def open_page(self, page: str) -> bool:
        """Open an address in the owner's browser; False where there is none."""

    def do_due(self) -> Sequence[str]:
        """Refresh, revoke and probe what is due, where nobody else does; a line for each try."""
