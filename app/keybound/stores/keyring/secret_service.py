"""The keyring of a Linux desktop, spoken to directly: many items in one conversation.

Items are exactly what ``keyring`` makes and finds; the ``keyring`` library itself is imported only to write.
"""

import os
import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from keybound.domain.errors import StoreAwayError, StoreLockedError, UnavailableError
from keybound.domain.text.secret import Secret
from keybound.stores.base import CALL_SECONDS, UNLOCK_SECONDS, Ask, Item, Status
from keybound.stores.bounded import Deadline
from keybound.stores.keyring import secret_bus
from keybound.stores.keyring.home_tag import item_of, service_of, user_of
from keybound.stores.keyring.secret_bus import AWAY_HINT, LOCKED_HINT, BusError, Conversation
from keybound.stores.keyring.turns import turn

# What reading a message, or taking a reply's body apart, raises where it is not what the protocol says.
_NO_ANSWER = (
    ValueError, RuntimeError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError, struct.error,
)  # fmt: skip
_AHEAD_SECONDS = 1.0
_APPLICATION = {"application": "Python keyring library"}


class SecretServiceStore:
    """Items of the home ``tag`` in the default collection. ``environ`` says where the session bus is."""

    label = "keyring"
    limit = None

    def __init__(self, tag: str, environ: Mapping[str, str] | None = None) -> None:
        self._tag = tag
        self._environ = os.environ if environ is None else environ

    def status(self) -> Status:
        """Whether the default collection is open. Never prompts."""
        try:
            with self._opened():
                return Status.OPEN
        except StoreLockedError:
            return Status.LOCKED
        except UnavailableError:
            return Status.AWAY

    def read(self, items: Sequence[Item]) -> dict[Item, Secret]:
        """The texts of ``items``, in three round trips however many they are."""
        with self._opened() as bus:
            paths = self._paths(bus, list(dict.fromkeys(items)))
            secrets = secret_bus.secrets_of(bus, list(paths.values())) if paths else {}
        if any(path not in secrets for path in paths.values()):
            raise StoreLockedError("the keyring keeps some items locked", hint=LOCKED_HINT)
        return {item: secrets[path] for item, path in paths.items()}

    def talk_ahead(self) -> None:
        """Begin the next conversation now. Raises UnavailableError."""
        address = secret_bus.bus_address(self._environ)
        with told(_AHEAD_SECONDS), turn(address):
            secret_bus.talk_ahead(address, Deadline(_AHEAD_SECONDS))

    def prepare(self) -> None:
        """It is opened by its own prompter only: nothing to do."""

    def write(self, item: Item, text: Secret) -> None:
        """Store ``text`` and read it back; raise StoreAwayError where that gives anything else."""
        with self._opened() as bus:
            from keybound.stores.keyring.secret_writer import store

            store(bus, service_of(item), user_of(item, self._tag), text)
        if self.read([item]).get(item) != text:
            raise StoreAwayError("the keyring did not keep what was written", where=str(item), hint=AWAY_HINT)

    def delete(self, item: Item) -> bool:
        """Remove the item; False: there was none."""
        with self._opened() as bus:
            if not self._paths(bus, [item]):
                return False
            from keybound.stores.keyring.secret_writer import erase

            erase(bus, service_of(item), user_of(item, self._tag))
        return True

    def items(self) -> set[Item]:
        """All items of this home."""
        with self._opened() as bus:
            (paths,) = bus.call(secret_bus.search_call(_APPLICATION))
            answers = bus.all_of([secret_bus.attributes_call(path) for path in paths])
        found = (self._named(attributes) for ((_, attributes),) in answers)
        return {item for item in found if item is not None}

    def search(self, attributes: Mapping[str, str]) -> list[tuple[Mapping[str, str], Secret]]:
        """The items of any program that have these attributes, with all of theirs. Raises UnavailableError."""
        with self._opened() as bus:
            paths, locked = bus.call(secret_bus.search_everywhere_call(attributes))
            if locked:
                raise StoreLockedError("the keyring keeps these items locked", hint=LOCKED_HINT)
            answers = bus.all_of([secret_bus.attributes_call(path) for path in paths])
            secrets = secret_bus.secrets_of(bus, paths) if paths else {}
        found = zip(paths, answers, strict=True)
        return [(attributes, secrets[path]) for path, ((_, attributes),) in found if path in secrets]

    def unlock(self, ask: Ask | None) -> None:
        """Open the collection through the system's prompter, which has UNLOCK_SECONDS.

        The prompter asks by itself, so ``ask`` only says that somebody is there to answer.
        """
        if self.status() is Status.OPEN:
            return
        if ask is None:
            raise StoreLockedError(
                "the keyring is locked, and there is no terminal to unlock it from", hint=LOCKED_HINT
            )
        with _talking(secret_bus.bus_address(self._environ), UNLOCK_SECONDS) as bus:  # a person takes no turn
            if not secret_bus.unlock(bus):
                raise StoreLockedError("the keyring's prompt was dismissed", hint=LOCKED_HINT)
        with self._opened():
            pass

    def lock(self) -> None:
        """Close the default collection."""
        with self._in_turn() as bus:
            bus.call(secret_bus.lock_call())

    def _paths(self, bus: Conversation, items: Sequence[Item]) -> dict[Item, str]:
        searches = [secret_bus.search_call(self._attributes(item)) for item in items]
        return {item: found[0] for item, (found,) in zip(items, bus.all_of(searches), strict=True) if found}

    def _attributes(self, item: Item) -> dict[str, str]:
        return {**_APPLICATION, "service": service_of(item), "username": user_of(item, self._tag)}

    def _named(self, attributes: Mapping[str, str]) -> Item | None:
        return item_of(attributes.get("service", ""), attributes.get("username", ""), self._tag)

    @contextmanager
    def _opened(self) -> Iterator[Conversation]:
        """A conversation with a collection that was open when it began."""
        with self._in_turn() as bus:
            try:
                ((_, locked),) = bus.call(secret_bus.locked_call())
            except BusError as fault:
                if fault.gone:
                    raise StoreLockedError("the keyring has no default collection yet", hint=LOCKED_HINT) from None
                raise
            if locked:
                raise StoreLockedError("the keyring is locked", hint=LOCKED_HINT)
            yield bus

    @contextmanager
    def _in_turn(self) -> Iterator[Conversation]:
        """A conversation while no other process of Keybound's has one."""
        address = secret_bus.bus_address(self._environ)
        with turn(address), _talking(address, CALL_SECONDS) as bus:
            yield bus


@contextmanager
def _talking(address: str, seconds: float) -> Iterator[Conversation]:
    with told(seconds), secret_bus.conversation(address, Deadline(seconds)) as bus:
        yield bus


@contextmanager
def told(seconds: float) -> Iterator[None]:
    """Say what went wrong with the bus as StoreAwayError."""
    try:
        yield
    except TimeoutError:
        raise StoreAwayError(f"the keyring did not answer within {seconds:g} s", hint=AWAY_HINT) from None
    except OSError as fault:
        raise StoreAwayError(f"the session bus is gone: {fault.strerror or fault}", hint=AWAY_HINT) from None
    except _NO_ANSWER as fault:
        raise StoreAwayError(f"the session bus cannot be used: {type(fault).__name__}", hint=AWAY_HINT) from None
