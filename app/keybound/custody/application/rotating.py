"""The application's part of rotation: what it shows of it, and what it asks for."""

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property

from keybound.custody.application.watching import do_due
from keybound.custody.context.context import Context
from keybound.custody.evaluation.evaluate import Judged, evaluate, find
from keybound.custody.probing.due import is_to_probe, run_due_probes
from keybound.custody.probing.probe import probe
from keybound.custody.profiles.library import Library
from keybound.custody.programs.browser import open_page
from keybound.custody.providers.catalogue import page_of
from keybound.custody.providers.retire import approved_way
from keybound.custody.rotation.due import end_by_itself
from keybound.custody.rotation.obtain import is_automatic
from keybound.custody.rotation.renew import is_to_renew, last_failure, refresh_by_definition
from keybound.custody.rotation.revocation import is_to_revoke, pending_of, revoke_pending
from keybound.custody.rotation.revoke import revoke
from keybound.custody.view_models.rotation import LoginAnswer, LoginView, RotationView
from keybound.domain.errors import RefusedError
from keybound.domain.profile.renewal_words import refresh_way, revoke_way, revoke_words
from keybound.domain.text.sanitize import clean
from keybound.domain.values.names import parse_token_id

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keybound.custody.rotation.login import Login


def rotation_view(context: Context, one: Judged) -> RotationView:
    """What is shown of a token's rotation."""
    token, envelope = one.token, one.held.envelope
    if token is None:
        return RotationView()
    failed = last_failure(context, one.id) if is_automatic(token) else None
    left = pending_of(context, envelope)
    return RotationView(
        refresh=clean(refresh_way(token)),
        revoke=clean(revoke_words(token)),
        automatic=is_automatic(token),
        oauth=token.oauth is not None,
        logged_in=envelope is not None and envelope.oauth is not None,
        refresh_fault=clean(failed.why) if failed else "",
        to_revoke=left.secrets if left else 0,
        revoke_at=datetime.fromisoformat(left.due).timestamp() if left else None,
        revoke_fault=clean(left.failed.why) if left and left.failed else "",
        revocable=envelope is not None and bool(approved_way(token, envelope)),
        revoke_now=clean(revoke_way(token)),
        by_itself=end_by_itself(one) is not None,
        due=is_to_renew(context, one) or is_to_revoke(context, envelope) or is_to_probe(context, one),
    )


class Rotating:
    """Rotation for one context. Implements :class:`keybound.custody.view_models.rotation.RotationService`."""

    def __init__(self, context: Context) -> None:
        self._of_service = context
        self._login: Login | None = None

    @cached_property
    def _context(self) -> Context:
        """Rotation runs beside the service's other calls, in a thread of its own."""
        return self._of_service.in_another_thread()

    def renew(self, token: str) -> str:
        """Get a new secret as the definition says."""
        id_ = parse_token_id(token)
        said = refresh_by_definition(self._context, id_)
        return "\n".join([said, *(one.line for one in revoke_pending(self._context, frozenset([str(id_)])))])

    def revoke(self, token: str) -> str:
        """Expire the token, and revoke its secret."""
        return "\n".join(one.line for one in revoke(self._context, parse_token_id(token)))

    def begin_login(self, token: str) -> LoginView:
        """Ask its server for a code."""
        from keybound.custody.rotation.login import begin_login

        self._login = begin_login(self._context, parse_token_id(token))
        code = self._login.code
        page, with_code = clean(code.page), clean(code.page_with_code)
        return LoginView(page, with_code, clean(code.user_code), code.interval, code.expires_in)

    def ask_login(self) -> LoginAnswer:
        """Ask once, and store what is given."""
        from keybound.custody.rotation.login import ask_once, finish_login
        from keybound.custody.rotation.oauth_answers import Wait

        if self._login is None:
            raise RefusedError("no login was begun")
        found = ask_once(self._context, self._login)
        if isinstance(found, Wait):
            return LoginAnswer("", self._login.code.interval + found.value)
        judged = finish_login(self._context, self._login, found)
        self._login = None
        return LoginAnswer(f"{judged.id} is stored and {judged.verdict.state.word}", 0)

    def probe(self, token: str) -> str:
        """Ask the provider about the token."""
        return clean(probe(self._context, parse_token_id(token)).words)

    def page(self, token: str) -> str:
        """Where such a token is made."""
        judged = find(self._context, parse_token_id(token))
        return page_of(self._context.home, judged.token.kind) if judged.token is not None else ""

    def open_page(self, page: str) -> bool:
        """Open an address in the owner's browser."""
        return open_page(self._context.environ, page)

    def do_due(self) -> Sequence[str]:
        """Refresh, revoke and probe what is due."""
        evaluation = evaluate(self._context, Library(self._context.home).names())
        said = [one.line for one in do_due(self._context, evaluation)]
        return [*said, *(clean(one.words) for one in run_due_probes(self._context, evaluation.judged, 1).probed)]
