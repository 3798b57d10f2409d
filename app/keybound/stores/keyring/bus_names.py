"""Who keeps secrets on the session bus, by the bus's own word: the keyring is not asked, and none is started."""

from collections.abc import Mapping

from jeepney import message_bus

from keybound.domain.errors import StoreAwayError
from keybound.stores.bounded import Deadline
from keybound.stores.keyring.secret_bus import AWAY_HINT, BUS_NAME, BusError, Conversation, bus_address


def keyring_on_bus(environ: Mapping[str, str], seconds: float) -> str:
    """A few words; "" where there is none. Raises StoreAwayError where there is no bus, or it does not answer in time."""
    address = bus_address(environ)
    try:
        with Conversation(address, Deadline(seconds)) as bus:
            if bus.call(message_bus.NameHasOwner(BUS_NAME))[0]:
                return "a keyring is on it"
            startable = BUS_NAME in bus.call(message_bus.ListActivatableNames())[0]
            return "a keyring is started when it is needed" if startable else ""
    except TimeoutError:
        raise StoreAwayError(f"the session bus did not answer within {seconds:g} s", hint=AWAY_HINT) from None
    except OSError as fault:
        raise StoreAwayError(f"the session bus is gone: {fault.strerror or fault}", hint=AWAY_HINT) from None
    except (ValueError, RuntimeError, StopIteration, BusError) as fault:
        raise StoreAwayError(f"the session bus cannot be used: {type(fault).__name__}", hint=AWAY_HINT) from None
