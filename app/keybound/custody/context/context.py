"""What every use case needs at hand: the home, the caller, the store, the journal and the state, each opened when used."""

import os
from collections.abc import Mapping
from copy import copy
from datetime import UTC, datetime, timedelta
from functools import cached_property

from keybound.custody.context.home import Home, find_home
from keybound.custody.context.paths import read_line
from keybound.domain.errors import StoreAwayError, UnavailableError
from keybound.sources.caller import Caller
from keybound.stores.atomic import write_atomic
from keybound.stores.base import SecretStore
from keybound.stores.choice import open_store
from keybound.stores.journal.journal import Journal
from keybound.stores.private_dir import make_private_dir
from keybound.stores.state import StateDb

AHEAD = timedelta(days=1)


class Context:
    """One process's hold on a home, on behalf of one caller.

    ``attended``: whether somebody hears what is said, and gave this environment; else what needs that is left to others.
    ``delivers``: whether this process delivers alerts; else they are left to whoever does.
    """

    attended = True
    delivers = False

    def __init__(self, environ: Mapping[str, str], cwd: str) -> None:
        self.environ = environ
        self.home: Home = find_home(environ)
        self._store: tuple[str, SecretStore] | None = None  # with the choice that it was opened for
        self.caller = Caller(environ=environ, cwd=cwd, uid=os.getuid())

    def supposing(self, changes: Mapping[str, str | None]) -> "Context":
        """The same home, store and state, had the caller's environment these variables; None: not this one."""
        environ = {name: value for name, value in {**self.environ, **changes}.items() if value is not None}
        supposed = copy(self)
        supposed.environ = environ
        supposed.caller = self.caller._replace(environ=environ)
        return supposed

    def in_another_thread(self) -> "Context":
        """The same home and store, with a state and a journal of its own: those are used by one thread each."""
        made = copy(self)
        for name in ("state", "journal"):
            made.__dict__.pop(name, None)
        return made

    @property
    def store(self) -> SecretStore:
        """The secret store in use now: another process may have moved everything to another one.

        Raises StoreAwayError where none was chosen.
        """
        chosen = self.chosen_store()
        if self._store is None or self._store[0] != chosen:
            if not chosen:
                raise StoreAwayError("no store is chosen yet", hint="Run: keybound init")
            self._store = (chosen, self.open_store(chosen))
        return self._store[1]

    def open_store(self, kind: str) -> SecretStore:
        """Another store of this home; nothing is contacted yet. Raises BadInputError."""
        return open_store(
            self.backend(kind), config_dir=self.home.config, data_dir=self.home.data, environ=self.environ
        )

    @cached_property
    def journal(self) -> Journal:
        """The journal."""
        make_private_dir(self.home.state)
        return Journal(os.path.join(self.home.state, "journal"))

    @cached_property
    def state(self) -> StateDb:
        """The state."""
        make_private_dir(self.home.state)
        return StateDb(os.path.join(self.home.state, "state.db"))

    def unseen_alerts(self) -> int:
        """How many alerts their owner has not seen; of a state that cannot be had, none. Makes no state."""
        if not os.path.exists(os.path.join(self.home.state, "state.db")):
            return 0
        try:
            return self.state.unseen_alerts()
        except UnavailableError:
            return 0

    def close(self) -> None:
        """Close the state, where it was opened."""
        if "state" in self.__dict__:
            self.state.close()

    def store_kind(self) -> str:
        """``KEYBOUND_STORE``, else the recorded choice, else ""; config.toml may name the backend that "keyring" means.

        Raises BadInputError where config.toml is broken, or the choice cannot be read.
        """
        return self.backend(self.chosen_store())

    def chosen_store(self) -> str:
        """``KEYBOUND_STORE``, else the recorded choice, else "". Raises BadInputError where it cannot be read."""
        return self.environ.get("KEYBOUND_STORE", "") or read_line(self.home.state, "store")

    def backend(self, kind: str) -> str:
        """``kind``, or the backend that config.toml says "keyring" means. Raises BadInputError where that is broken."""
        if kind == "keyring" and os.path.lexists(self.home.settings):
            from keybound.custody.context.config import read_config

            return read_config(self.home).keyring or kind
        return kind

    def choose_store(self, kind: str) -> None:
        """Record the choice."""
        self.write_line("store", kind)
        self._store = None

    def write_line(self, name: str, text: str) -> None:
        """Keep a one-line file in the state dir."""
        make_private_dir(self.home.state)
        write_atomic(os.path.join(self.home.state, name), f"{text}\n".encode())

    def clock(self) -> datetime:
        """The wall clock."""
        return datetime.now(UTC)

    def floor(self) -> datetime | None:
        """The latest recorded time since the clock was last accepted."""
        return self.journal.latest_time()
