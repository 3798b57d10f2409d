"""The application's part of a first run: a store, and a profile to add tokens to."""

from keybound.custody.application.first_profile import first_profile
from keybound.custody.application.first_store import store_choice, use_store
from keybound.custody.application.strength import strength
from keybound.custody.context.context import Context
from keybound.custody.view_models.first_run import StoreChoice, Strength
from keybound.domain.text.secret import Secret


class FirstRunning:
    """Implements :class:`keybound.custody.view_models.first_run.FirstRunService`."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def store_choice(self) -> StoreChoice:
        """Look where secrets can be kept."""
        return store_choice(self._context)

    def strength(self, passphrase: Secret) -> Strength:
        """How long a passphrase would stand."""
        return strength(passphrase)

    def use_store(self, kind: str, passphrase: Secret) -> None:
        """Open, prove and record a store."""
        use_store(self._context, kind, passphrase)

    def first_profile(self, name: str) -> str:
        """The active profile; made, where there is none."""
        return first_profile(self._context, name)
